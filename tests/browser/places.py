"""Every page that there is, by who opens it: what accessibility, width and language are tested on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine import (
    Actor,
    InstanceFilter,
    add_breach,
    add_request,
    agree_to_erasure,
    answer_request,
    cancel_instance,
    clock,
    definition_content,
    deploy,
    desk,
    get_actor,
    get_definition,
    list_tasks,
    migrate_instances,
    request_erasure,
    share_case,
    suspend_instance,
)
from engine.clock import now
from engine.commands.notifying import notify
from engine.deadlines import PERPRES_21_2023
from engine.desk import (
    CalendarEntry,
    EntryKind,
    NotificationKind,
    begin_email,
    list_notifications,
    mark_read,
    put_calendar_day,
    put_office_hours,
)
from engine.store import writing
from engine.types import ANALYST, MANAGER, SYSTEM, InstanceView, TaskView
from engine.types.registers import Requester, RequestKind, RequestOutcome
from tests.support.case import Case, begin
from tests.support.files import pdf, photo
from tests.support.site import Site
from tests.support.trouble import KEY as REFERRALS
from tests.support.trouble import Referrals, diagram

KEY = "pasuruan_penanganan_abh"


@dataclass(frozen=True)
class Place:
    """``ready``: CSS of what is there once scripts have drawn the page; ``plain``: it shows nothing that
    people have written."""

    path: str
    ready: str = "h1"
    plain: bool = False


FORM = "#form .fjs-form-field"
DIAGRAM = "#diagram svg[role=img] .djs-element"


def fill_office(site: Site) -> tuple[Case, Case]:
    """A case in the middle of its way and one that has just come in; an ended one beside them."""
    middle, fresh, wrong = (begin(site.service, "pasuruan", KEY, "petugas") for _ in range(3))
    middle.do("petugas", "langkah_1_terima_laporan", jenis_masuk="laporan")
    middle.do("peksos", "langkah_3_asesmen")
    middle.do("peksos", "langkah_6_case_conference", umur_saat_kejadian=11, tingkat_tindak_pidana="ringan")
    site.service.caller("manajer@pasuruan").delete(f"/process-instance/{wrong.id}")
    return middle, fresh


def task_of(case: Case, user_id: str, *, take: bool = False) -> str:
    """The id of the case's open task."""
    caller = case.service.caller(user_id)
    task_id: str = caller.get("/task", processInstanceId=case.id).json[0]["id"]
    if take:
        caller.post(f"/task/{task_id}/claim", {"userId": user_id})
    return task_id


def attach(site: Site, task_id: str, content: bytes) -> str:
    """The id of a file that the task's worker has attached."""
    worker = get_actor(site.service.database, "peksos@pasuruan")
    assert worker
    name, words = "surat pengantar dari kepolisian resor nomor 12", "halaman pertama"
    return desk.attach_to_task(site.service.database, worker, task_id, content, name, words).id


def definition(site: Site, kind: str, key: str) -> str:
    """The id of the newest version."""
    found = site.service.caller("analis@pasuruan").get(f"/{kind}-definition", key=key, latestVersion=True)
    return str(found.json[0]["id"])


def form_id(site: Site, key: str) -> str:
    """The same for a form, of which Camunda's API has no list."""
    analyst = Actor.of("analis@pasuruan", "pasuruan", [ANALYST])
    return get_definition(site.service.database, analyst, "form", key=key, agency_id="pasuruan").id


def of_workers(site: Site) -> Mapping[str, Mapping[str, Place]]:
    middle, fresh = fill_office(site)
    taken = task_of(middle, "peksos@pasuruan", take=True)
    clerk = get_actor(site.service.database, "petugas@pasuruan")
    assert clerk
    desk.add_comment(site.service.database, clerk, fresh.id, "Sudah ditelepon, @manajer@pasuruan.")
    untaken = task_of(fresh, "petugas@pasuruan")
    picture, paper, thick = (
        attach(site, taken, content) for content in (photo((900, 600)), pdf(pages=2), pdf(pages=45))
    )
    return {
        "petugas@pasuruan": {
            "inbox": Place("/"),
            "own list, empty": Place("/?tab=mine&search=9999"),
            "search, nothing": Place("/?tab=found&cases=-"),
            "search, a case": Place(f"/?tab=found&search={middle.business_key}"),
            "own filters, none": Place("/filters"),
            "task not taken": Place(f"/tasks/{untaken}", FORM),
            "new case": Place(f"/start/pasuruan/{KEY}", FORM),
            "case": Place(f"/cases/{fresh.id}", ".comment-list"),
            "case, one topic of its history": Place(f"/cases/{middle.id}?events=steps", ".topics"),
            "diagram of a case": Place(f"/cases/{fresh.id}/diagram", DIAGRAM),
            "error": Place("/tasks/unknown"),
            "signed in again": Place("/signed-in"),
        },
        "peksos@pasuruan": {
            "task with files": Place(f"/tasks/{taken}", FORM),
            "case with files": Place(f"/cases/{middle.id}", ".attachment"),
            "photo": Place(f"/attachments/{picture}", ".attachment-photo"),
            "paper": Place(f"/attachments/{paper}", ".sheet"),
            "paper of many pages": Place(f"/attachments/{thick}?page=21#page-22-large", ".sheet"),
            "task to hand over": Place(f"/tasks/{taken}/hand-over"),
            "own absence": Place("/account/absence"),
            **told(site, middle),
        },
        "staf_data@pasuruan": {
            "nothing to do": Place("/"),
            "services": Place("/start"),
            "nothing told": Place("/notifications", ".empty"),
        },
    }


def told(site: Site, case: Case) -> Mapping[str, Place]:
    """What somebody was told, of each kind, and how; mail and push are on."""
    app, database = site.service.app, site.service.database
    ways = {"origin": site.url, "smtp_url": "smtp://localhost", "mail_from": "titian@example.go.id"}
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **ways)
    about = {"by": "petugas@pasuruan", "clock": "Rekomendasi ditandatangani", "due_at": now().isoformat()}
    with writing(database) as tx:
        for kind in NotificationKind:
            notify(tx, kind, "pasuruan", ["peksos@pasuruan"], instance_id=case.id, about=about)
    someone = get_actor(database, "peksos@pasuruan")
    assert someone
    mark_read(database, someone, [list_notifications(database, someone)[0].id])
    begin_email(database, someone, "peksos@example.go.id")
    return {
        "notifications": Place("/notifications", ".told-line"),
        "how one is told": Place("/account/notifications", "[data-push-on]"),
    }


def of_managers(site: Site) -> Mapping[str, Mapping[str, Place]]:
    middle, _ = fill_office(site)
    quiet = Referrals(site.service, "bintan")
    stopped, (task,) = stop(quiet)
    old = grow_old(quiet)
    failed = (referrals := Referrals(site.service, "pasuruan")).failed()
    waiting = referrals.waiting()
    return {
        "manajer@bintan": {
            "incidents, none": Place("/cockpit/incidents"),
            "stopped case": Place(f"/cockpit/instances/{stopped.id}", DIAGRAM),
            "stopped task": Place(f"/tasks/{task.id}"),
            "stopped cases": Place("/cockpit?state=suspended"),
            "old versions": Place("/cockpit/versions"),
            "what would move": Place(f"/cockpit/versions/{old}"),
        },
        "manajer@pasuruan": {
            "incidents": Place("/cockpit/incidents"),
            "who is away": Place("/cockpit/absences"),
            "old versions, none": Place("/cockpit/versions"),
            "case that cannot go on": Place(f"/cockpit/instances/{failed.id}", ".badge-incident"),
            "data of a case": Place(f"/cockpit/instances/{middle.id}/data"),
            "a value": Place(f"/cockpit/instances/{middle.id}/data?name=tingkat_tindak_pidana"),
            "other steps": Place(f"/cockpit/instances/{waiting.id}/steps"),
            "shares of a case": Place(f"/cockpit/instances/{middle.id}/shares"),
            "statistics": Place("/statistics"),
            "case that waits for time": Place(f"/cockpit/instances/{waiting.id}", DIAGRAM),
            "cockpit": Place("/cockpit"),
            "cockpit, all": Place("/cockpit?state=all&sort=oldest"),
            "cockpit, none": Place("/cockpit?search=9999"),
            "instance": Place(f"/cockpit/instances/{middle.id}", DIAGRAM),
            "identity": Place(f"/cockpit/instances/{middle.id}/identity"),
            **erasures(site),
        },
    }


def erasures(site: Site) -> Mapping[str, Place]:
    """The page of an erasure: not asked for, asked for by another manager and by oneself, and done."""
    database, second = site.service.database, "manajer2@pasuruan"
    first, other = (Actor.of(who, "pasuruan", [MANAGER]) for who in ("manajer@pasuruan", second))
    cases = [begin(site.service, "pasuruan", KEY, "petugas") for _ in range(4)]
    for case in cases:
        cancel_instance(database, first, case.id, "Salah agensi")
    for actor, case in ((other, cases[1]), (first, cases[2]), (first, cases[3])):
        asked = request_erasure(database, actor, case.id, "Permintaan subjek data nomor 7")
    agree_to_erasure(database, other, asked.id)
    names = ("erasure", "erasure to agree to", "erasure asked for", "certificate of erasure")
    pages = zip(names, cases, strict=True)
    return {name: Place(f"/cockpit/instances/{case.id}/erasure") for name, case in pages}


def of_receivers(site: Site) -> Mapping[str, Mapping[str, Place]]:
    middle, _ = fill_office(site)
    manager = get_actor(site.service.database, "manajer@pasuruan")
    assert manager
    shared = share_case(
        site.service.database,
        manager,
        middle.id,
        to_agency_id="bintan",
        to_group="peksos",
        fields=["uraian", "kanal", "nomor_registrasi"],
        until=clock.now() + timedelta(days=20),
        consent="Persetujuan tertulis wali, 12 November 2026",
    )
    return {
        "peksos@bintan": {
            "shared with us": Place("/shared"),
            "a case that is shared": Place(f"/shared/{shared.id}"),
        },
        "petugas@bintan": {"nothing shared": Place("/shared")},
        "petugas_data@bintan": {"numbers of an office without cases": Place("/statistics")},
    }


def stop(referrals: Referrals) -> tuple[InstanceView, Sequence[TaskView]]:
    """A case that its manager has stopped for now, and its tasks."""
    case, manager = referrals.begin(), referrals.user("manajer")
    suspend_instance(referrals.database, manager, case.id)
    return case, list_tasks(referrals.database, manager)


def grow_old(referrals: Referrals) -> str:
    """The id of a version with cases that can be moved and cases that cannot; another was moved before."""
    referrals.sent()
    last = referrals.begin()
    first = last.definition_id
    manager = referrals.user("manajer")
    referrals.deploy(diagram("Tutup dan arsipkan").replace(b'"kirim"', b'"teruskan"'))
    newest = get_definition(referrals.database, manager, key=REFERRALS, agency_id=referrals.agency).id
    only = InstanceFilter(instance_id=last.id)
    migrate_instances(referrals.database, manager, first, newest, only)
    return first


def of_administrators(site: Site) -> Mapping[str, Mapping[str, Place]]:
    return {
        "admin@titian": {
            "the nation's calendar": Place("/calendar?year=2027"),
            "new day of the nation": Place("/calendar/days/new", plain=True),
            "users": Place("/admin"),
            "new user": Place("/admin/users/new"),
            "user": Place("/admin/users/peksos@pasuruan"),
            "agencies": Place("/admin/agencies"),
        }
    }


def of_analysts(site: Site) -> Mapping[str, Mapping[str, Place]]:
    form = "pasuruan_langkah_1_terima_laporan"
    diagram, table = definition(site, "process", KEY), definition(site, "decision", "pasuruan_jalur")
    return {
        "analis@pasuruan": {
            "definitions": Place("/modeler/"),
            "versions": Place(f"/modeler/process/versions/pasuruan/{KEY}"),
            "versions of a form": Place(f"/modeler/form/versions/pasuruan/{form}"),
            "diagram": Place(f"/modeler/process/{diagram}", "#canvas .djs-shape"),
            "table": Place(f"/modeler/decision/{table}", ".tjs-table"),
            "form": Place(f"/modeler/form/{form_id(site, form)}", ".fjs-element"),
            "new form": Place("/modeler/form/new?id=coba", ".fjs-palette-field"),
            "changes of a table": Place(changes(site), ".change-list"),
        }
    }


def changes(site: Site) -> str:
    """Deploys another version of Pasuruan's table; the page that says what it changes."""
    database, old = site.service.database, definition(site, "decision", "pasuruan_jalur")
    analyst = Actor.of("analis@pasuruan", "pasuruan", [ANALYST])
    content = definition_content(database, analyst, "decision", old).replace(b"&lt; 12", b"&lt; 14")
    content = content.replace(b"[12..", b"[14..")
    deploy(database, SYSTEM, "pasuruan", "x", {"pasuruan_jalur.dmn": content})
    return f"/modeler/decision/{definition(site, 'decision', 'pasuruan_jalur')}/changes?since={old}"


def of_auditors(site: Site) -> Mapping[str, Mapping[str, Place]]:
    middle, _ = fill_office(site)
    database = site.service.database
    manager = Actor.of("manajer@pasuruan", "pasuruan", [MANAGER])
    asked = (RequestKind.ACCESS, Requester.PARENT, "PSR-1", "Salinan hasil asesmen")
    late, fresh = now() - timedelta(hours=80), now() - timedelta(hours=1)
    open_one = add_request(database, manager, "pasuruan", *asked, fresh)
    done = add_request(database, manager, "pasuruan", *asked, late)
    answer_request(database, manager, done, RequestOutcome.PARTLY, "Nama pelapor ditutup")
    told = ("Alamat dan hasil asesmen", "Laptop hilang di kantor", "Kata sandi diganti")
    breach = add_breach(database, manager, "pasuruan", late, *told, 3)
    return {
        "auditor@pasuruan": {
            "access log": Place("/audit", ".access"),
            "access log, one kind of deed": Place("/audit?action=change_case&user=peksos@pasuruan"),
            "access log, nothing": Place("/audit?user=siapa"),
            "who opened a case": Place(f"/audit/cases/{middle.id}", ".access"),
            "requests, to read": Place("/audit/requests"),
        },
        "manajer@pasuruan": {
            "requests": Place("/audit/requests"),
            "open request": Place(f"/audit/requests/{open_one}"),
            "answered request": Place(f"/audit/requests/{done}"),
            "breaches": Place("/audit/breaches"),
            "breach": Place(f"/audit/breaches/{breach}"),
        },
        "manajer@bintan": {
            "no requests": Place("/audit/requests"),
            "no breaches": Place("/audit/breaches"),
            **calendars(site),
        },
    }


def calendars(site: Site) -> Mapping[str, Place]:
    """The calendar of an agency with a day and office hours of its own."""
    manager, first = Actor.of("manajer@bintan", "bintan", [MANAGER]), date(2026, 7, 6)
    closed = CalendarEntry(first, date(2026, 7, 7), EntryKind.CLOSED, "Pindah kantor", "SK 7/2026")
    entry = put_calendar_day(site.service.database, manager, "bintan", closed, "Gedung baru")
    hours = replace(PERPRES_21_2023, since=date(2026, 8, 3))
    put_office_hours(site.service.database, manager, "bintan", hours, "Pelayanan Sabtu")
    return {
        "calendar": Place("/calendar?year=2026"),
        "calendar, not published": Place("/calendar?year=2028"),
        "new day": Place("/calendar/days/new"),
        "a day": Place(f"/calendar/days/{entry}"),
        "office hours": Place("/calendar/hours?since=2026-08-03"),
    }


PERSONAS = {
    "auditor": of_auditors,
    "worker": of_workers,
    "manager": of_managers,
    "analyst": of_analysts,
    "administrator": of_administrators,
    "receiver": of_receivers,
}
