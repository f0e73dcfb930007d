"""Users to look at: the list, one of them, and the form of a new one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import render_template, request

from engine import factors, list_users
from engine.desk import get_choice
from engine.types import UserView
from webapp.admin.membership import Pair, boxes, name_of
from webapp.admin.part import blueprint, known_user
from webapp.agencies import agencies, agency_name
from webapp.auth import current_actor
from webapp.auth.passwords import LONGEST, SHORTEST
from webapp.db import database

SIZE = 50
"""Users on a page of the list."""


@dataclass(frozen=True)
class Users:
    """What the list's template draws."""

    search: str
    agency: str
    page: int
    total: int
    shown: Sequence[UserView]

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(-(-self.total // SIZE), 1)


@blueprint.get("")
def index() -> str:
    """The users, by id; ``search`` looks into id and name, ``agency`` keeps those of one agency."""
    search, agency = (request.args.get(name, "").strip()[:255] for name in ("search", "agency"))
    found = [
        user
        for user in list_users(database(), current_actor(), agency or None)
        if search.casefold() in f"{user.id} {user.name}".casefold()
    ]
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    number = min(max(number, 1), max(-(-len(found) // SIZE), 1))
    users = Users(search, agency, number, len(found), found[(number - 1) * SIZE : number * SIZE])
    options = sorted(((each, agency_name(each)) for each in agencies()), key=lambda option: option[1])
    return render_template("admin/index.html", users=users, options=options, name_of=name_of)


@blueprint.get("/users/new")
def new() -> str:
    """The form of a new user."""
    return new_page()


def new_page(
    *, user_id: str = "", name: str = "", held: Collection[Pair] = (), problems: dict[str, str] | None = None
) -> str:
    """The form of a new user with what was filled in; ``problems``: field -> what is wrong with it."""
    return render_template(
        "admin/new.html",
        user_id=user_id,
        name=name,
        agencies=boxes(held),
        problems=problems or {},
        shortest=SHORTEST,
        longest=LONGEST,
    )


@blueprint.get("/users/<user_id>")
def user(user_id: str) -> str:
    """One user, and what can be changed."""
    return user_page(known_user(user_id))


def user_page(view: UserView, problems: dict[str, str] | None = None) -> str:
    """The page of a user; ``problems``: field -> what was wrong with it."""
    return render_template(
        "admin/user.html",
        user=view,
        agencies=boxes(view.memberships),
        has=factors(database(), view.id),
        choice=get_choice(database(), current_actor(), view.id),
        oneself=view.id == current_actor().user_id,
        problems=problems or {},
        shortest=SHORTEST,
        longest=LONGEST,
    )
