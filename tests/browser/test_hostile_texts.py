"""Hostile HTML in every name, documentation, label, option, file name, variable, user and agency: no page
takes it for anything but text, and the content security policy has nothing to say (issue 5)."""

import re
from datetime import date

import pytest
from markupsafe import Markup
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import update

import engine
from engine.definitions.forms.components import CHOOSING, KEYED, KNOWN
from engine.desk import CalendarEntry, EntryKind, put_calendar_day
from engine.errors import DeploymentRefused
from engine.store import writing
from engine.store.tables import User
from engine.types import SYSTEM
from tests.browser.conftest import SignIn
from tests.browser.places import PERSONAS, Place
from tests.support import case as cases
from tests.support import trouble
from tests.support.browser import forget_complaint, settle
from tests.support.poison import (
    ELEMENT,
    SHORT,
    poison,
    poison_diagram,
    poison_form,
    poison_profile,
    poison_table,
)
from tests.support.service import ROOT
from tests.support.site import Site

pytestmark = pytest.mark.browser
HEARD = """
document.addEventListener('securitypolicyviolation',
    event => console.error('policy violated: ' + event.violatedDirective + ' ' + event.sample));
"""
SAID = """() => [document.body.innerText, document.body.textContent, document.title,
    JSON.stringify(JSON.parse(document.getElementById('page-data')?.textContent ?? 'null')),
    ...[...document.querySelectorAll('input, textarea')].map(field => field.value),
    ...[...document.querySelectorAll('[title], [aria-label], [placeholder], [alt]')].flatMap(
        of => [of.title, of.ariaLabel, of.placeholder, of.alt])].join('\\n')"""
AGENCIES = ("pasuruan", "bintan")
MUST_BE_SEEN = {
    "worker": {
        "user name",
        "agency nama_pendek",
        "agency standar",
        "bpmn userTask.name",
        "variable of textarea",
    }
    | {f"form {kind}.label" for kind in KNOWN}
    | {f"form {kind}.description" for kind in KEYED}
    | {f"form {kind}.values.label" for kind in CHOOSING}
    | {"form html.content", "form text.text", "form image.alt", "form table.columns.label"},
    "manager": {
        "user name",
        "fault of a program",
        "bpmn lane.name",
        "bpmn process.name",
        "bpmn serviceTask.name",
    }
    | {"bpmn sequenceFlow.name", "bpmn textAnnotation.text", "bpmn userTask.documentation"},
    "analyst": {"dmn decision.name", "dmn input.label", "dmn output.label", "dmn rule.description"}
    | {"bpmn userTask.documentation", "bpmn participant.name"}
    | {f"form {kind}.label" for kind in KNOWN},
    "receiver": {"agency nama_pendek", "variable of textarea"},
    "auditor": {"user name", "agency nama_pendek"},
    "administrator": {"user name", "agency name", "agency alamat", "agency kelompok", "calendar day"},
}
"""What pages must have been given, or nothing is tried: every kind of component that forms can hold."""


def example(field: dict) -> object:
    """What a hostile worker types into a field."""
    if field["type"] in ("textfield", "textarea") and not field.get("validate", {}).get("pattern"):
        most = field.get("validate", {}).get("maxLength", 10_000)
        text = poison(f"variable of {field['type']}")
        return text if len(text) <= most else SHORT.ljust(field.get("validate", {}).get("minLength", 0), ".")
    return right_example(field)


right_example = cases.example


def poison_agency(site: Site, agency: str) -> None:
    """Poison in the profile, the people and the files of an agency."""
    database = site.service.database
    [found] = [known for known in engine.list_agencies(database, SYSTEM) if known.id == agency]
    engine.put_agency(database, SYSTEM, agency, poison("agency name"), poison_profile(found.profile))
    with writing(database) as tx:
        tx.execute(update(User).where(User.id.endswith(f"@{agency}")).values(name=poison("user name")))
    files: dict[str, bytes] = {}
    for folder, ending, change in (
        ("processes", "bpmn", poison_diagram),
        ("processes", "dmn", poison_table),
        ("forms", "form", poison_form),
    ):
        for path in sorted((ROOT / folder / agency).glob(f"*.{ending}")):
            files[f"{SHORT} {path.stem}.{ending}"] = change(path.read_bytes())
    try:
        engine.deploy(database, SYSTEM, agency, poison("deployment name"), files)
    except DeploymentRefused as refused:
        raise AssertionError("\n".join(str(finding) for finding in refused.findings)) from refused


@pytest.fixture
def hostile(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site where every text that somebody can write is hostile."""
    deploy = trouble.Referrals.deploy
    monkeypatch.setattr(cases, "example", example)
    monkeypatch.setattr(trouble, "FAULT", poison("fault of a program"))
    monkeypatch.setattr(
        trouble.Referrals, "deploy", lambda self, content: deploy(self, poison_diagram(content))
    )
    for agency in AGENCIES:
        poison_agency(site, agency)
    day = CalendarEntry(date(2027, 3, 3), date(2027, 3, 3), EntryKind.HOLIDAY, f"{SHORT} «calendar day»")
    put_calendar_day(site.service.database, SYSTEM, None, day, poison("reason of a change"))
    return site


def visit(page: Page, site: Site, place: Place) -> list[str]:
    """What is wrong with a page that holds hostile texts; empty for none."""
    page.goto(site.url + place.path)
    expect(page.locator(place.ready).first).to_be_visible()
    settle(page)
    return faults(page)


def faults(page: Page) -> list[str]:
    found = [f"<{ELEMENT}> is an element"] * page.locator(ELEMENT).count()
    if page.evaluate("() => window.titianHit !== undefined"):
        found.append("a script has run")
    if page.locator("[onerror], [onload], [href^='javascript:'], [src^='javascript:']").count():
        found.append("a script stands in an attribute")
    return found


def watched(page: Page) -> list[str]:
    """What the page asks for and must not: dialogs, and what the poison names; filled while it is open."""
    heard: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        if dialog.type != "beforeunload":  # that one says only that a form is left
            heard.append(f"a dialog: {dialog.message}")
        dialog.accept()

    page.on("dialog", dismiss)
    page.on("request", lambda sent: heard.append(sent.url) if sent.url.endswith(f"{ELEMENT}.png") else None)
    page.context.add_init_script(HEARD)
    return heard


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_page_takes_a_text_for_html(persona: str, hostile: Site, sign_in: SignIn) -> None:
    wrong: dict[str, list[str]] = {}
    seen: set[str] = set()
    for user_id, places in PERSONAS[persona](hostile).items():
        page = sign_in(user_id)
        heard = watched(page)
        for name, place in places.items():
            here = visit(page, hostile, place)
            said = page.evaluate(SAID)
            marks = set(re.findall("«([^«»]+)»", said))
            if not (marks or SHORT in said or place.plain):
                here.append("shows no hostile text, so nothing is tried")
            seen |= marks
            if here or heard:
                wrong[name] = [*here, *heard]
            heard.clear()
    assert wrong == {}
    assert MUST_BE_SEEN[persona] - seen == set()


def test_what_an_analyst_selects_and_tries_stays_a_text(hostile: Site, sign_in: SignIn) -> None:
    places = PERSONAS["analyst"](hostile)["analis@pasuruan"]
    page = sign_in("analis@pasuruan")
    heard = watched(page)
    assert visit(page, hostile, places["diagram"]) == []
    page.locator('.djs-shape[data-element-id="langkah_1_terima_laporan"] .djs-hit').click(force=True)
    named = page.locator("#properties textarea, #properties input").first
    expect(named).to_have_value(poison("bpmn userTask.name"))
    assert faults(page) == []
    assert visit(page, hostile, places["table"]) == []
    for field in page.locator("#trial input[type=text], #trial input[type=number]").all():
        field.fill("11")
    expect(page.locator("#trial")).to_contain_text("«dmn output.label»")
    assert faults(page) == []
    assert visit(page, hostile, places["form"]) == []
    page.locator(".fjs-element[data-field-type=textfield]").first.click(position={"x": 5, "y": 5})
    settle(page)
    assert faults(page) + heard == []


def test_a_text_that_is_marked_as_html_would_be_found(hostile: Site, sign_in: SignIn) -> None:
    """What the tests above rest on: one name that a template takes for HTML, and page and policy tell."""
    page = sign_in("petugas@pasuruan")
    names = hostile.service.app.jinja_env.globals
    right = names["agency_name"]
    names["agency_name"] = lambda agency_id: Markup(right(agency_id))  # the fault that is looked for
    try:
        heard = watched(page)
        page.goto(f"{hostile.url}/start")
        settle(page)
        assert f"<{ELEMENT}> is an element" in faults(page)
        assert "a script stands in an attribute" in faults(page)
        assert any(asked.endswith(f"{ELEMENT}.png") for asked in heard)
        forget_complaint(page, "violate")
        page.complaints.clear()  # type: ignore[attr-defined]
        page.context.clear_cookies()
    finally:
        names["agency_name"] = right
