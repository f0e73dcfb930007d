"""Deploying: files become versions of processes, decisions and forms, all of them or none.

The linter sees the files together with what the agency already has; one error and nothing changes. A file
whose content is that of the newest version makes no new version; a process gets a new version too when a
process that it calls has one.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select
from uuid_utils import uuid7

from engine import access, catalog, clock
from engine.access import Action
from engine.commands.start_timers import arm_start_timers
from engine.deadlines.declarations import read_clocks
from engine.definitions import kind_of, parse_xml, read_processes
from engine.definitions.copies import sealed_by
from engine.definitions.dmn import parse_decisions, with_imports
from engine.definitions.forms import parse_form
from engine.definitions.lint import RULES, Finding, Known, lint
from engine.definitions.lint.deployment import answers_of, whole_numbers_of
from engine.definitions.lint.finding import Place
from engine.definitions.model import Process
from engine.errors import AgencyNotFound, DeploymentRefused
from engine.queries.definitions import read_deployment
from engine.record import record
from engine.store import Database, reading, writing
from engine.store.tables import (
    Agency,
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from engine.types import ROLES, Actor, DeploymentView, RecordAction

MAX_NAME = 255


def deploy(
    database: Database,
    actor: Actor,
    agency_id: str,
    name: str,
    resources: Mapping[str, bytes],
    *,
    source: str = "",
) -> DeploymentView:
    """Deploy files (name -> content: ``.bpmn``, ``.dmn``, ``.form``) to an agency.

    Returns the deployment; ``definitions`` are the new versions, none where nothing has changed (then the
    deployment is the one that last changed something, or None of it exists and an empty one is made). Raises
    ``AgencyNotFound``, ``ActionForbidden`` and ``DeploymentRefused`` with the linter's findings.
    """
    with reading(database) as tx:
        known_before = _known(tx, actor, agency_id, resources)
    findings = _linted(resources, known_before)  # may take a second, in which nobody must wait for us
    with writing(database) as tx:
        catalog.change_catalog(tx)
        known = _known(tx, actor, agency_id, resources, lock=True)
        if known != known_before:
            findings = _linted(resources, known)
        changes = _Changes(tx, agency_id, dict(resources))
        changes.collect()
        if not changes.rows and (last := _last_deployment(tx, agency_id)):
            return read_deployment(tx, last, warnings=tuple(findings), definitions=False)
        deployment_id = changes.write(actor, name, source)
        told = f"deployment:{deployment_id}"
        record(tx, actor, RecordAction.DEPLOY, agency_id=agency_id, subject=told)
        return read_deployment(tx, deployment_id, warnings=tuple(findings))


def _linted(resources: Mapping[str, bytes], known: Known) -> list[Finding]:
    """What the linter advises. Raises ``DeploymentRefused`` where it found an error."""
    findings = [*lint(resources, known), *_too_long(resources)]
    if any(finding.severity == "error" for finding in findings):
        raise DeploymentRefused(sorted(findings, key=lambda f: f.severity != "error"))
    return findings


def check_deployment(
    database: Engine, actor: Actor, agency_id: str, resources: Mapping[str, bytes]
) -> list[Finding]:
    """What the linter says of files for an agency; changes nothing. Raises as ``deploy`` does."""
    with reading(database) as tx:
        return [*lint(resources, _known(tx, actor, agency_id, resources)), *_too_long(resources)]


def _too_long(resources: Mapping[str, bytes]) -> list[Finding]:
    """A finding for each file whose name is longer than a name may be."""
    return [RULES["file-unknown"].at(Place(name)) for name in resources if len(name) > MAX_NAME]


def _known(
    tx: Connection, actor: Actor, agency_id: str, resources: Mapping[str, bytes], *, lock: bool = False
) -> Known:
    """What the agency has; of its forms what a diagram or a table among the files may ask for.

    ``lock``: deployments to one agency come one after the other.
    """
    query = select(Agency.profile).where(Agency.id == agency_id)
    profile = tx.scalars(query.with_for_update(key_share=True) if lock else query).one_or_none()
    if profile is None or not access.may(actor, Action.SEE_DEFINITIONS, agency_id):
        raise AgencyNotFound(id=agency_id)
    access.require(actor, Action.DEPLOY, agency_id)
    forms = catalog.names_known(tx, agency_id, FormDefinition)
    kinds = {name.lower().rpartition(".")[2] for name in resources}
    asked = forms if kinds & {"bpmn", "dmn"} else ()
    found = {key: form for key in asked if (form := catalog.latest_form(tx, agency_id, key))}
    schemas = [form.schema for form in found.values()] if "dmn" in kinds else []
    return Known(
        forms=frozenset(forms),
        answers=answers_of(schemas),
        whole_numbers=whole_numbers_of(schemas),
        sealed={key: sealed_by(form) for key, form in found.items()},
        decisions=frozenset(catalog.names_known(tx, agency_id, DecisionDefinition)),
        groups=frozenset(profile.get("kelompok", {})) - ROLES,
        processes=frozenset(catalog.names_known(tx, agency_id, ProcessDefinition)),
        clocks=read_clocks(profile),
    )


def _last_deployment(tx: Connection, agency_id: str) -> str | None:
    query = select(Deployment.id).where(Deployment.agency_id == agency_id)
    return tx.scalars(query.order_by(Deployment.deployed_at.desc()).limit(1)).first()


class _Changes:
    """Which files make new versions. ``rows``: pairs (table, values of a new version without its ids)."""

    def __init__(self, tx: Connection, agency_id: str, resources: dict[str, bytes]) -> None:
        self.tx, self.agency_id, self.resources = tx, agency_id, resources
        self.rows: list[tuple[Any, dict[str, Any]]] = []
        self.roots = {name: parse_xml(content, name) for name, content in resources.items() if _is_xml(name)}
        self.processes: dict[str, Process] = {}
        self.ids: dict[str, str] = {}
        self.digests: dict[str, str] = {}

    def collect(self) -> None:
        """Compare every file with the newest version of what it defines."""
        forms = {name: content for name, content in self.resources.items() if name not in self.roots}
        for name, root in self.roots.items():
            content = self.resources[name]
            if kind_of(root) == "dmn":
                digest = _digest(*with_imports(content, name, self.resources).values())
                for key, decision in parse_decisions(content, name, self.resources).items():
                    self._version(DecisionDefinition, key, decision.name, name, digest)
            else:
                found = read_processes(root, name)
                self.processes |= {key: process for key, process in found.items() if process.executable}
        for name, content in forms.items():
            form = parse_form(content, name)
            self._version(FormDefinition, form.id, self._shown_at(form.id), name, _digest(content))
        for key in {key for process in self.processes.values() for key in process.calls}:
            if key not in self.processes:
                self._pin(key, catalog.latest(self.tx, ProcessDefinition, self.agency_id, key))
        pins = {key: self._process(process) for key, process in self.processes.items()}
        for key, calls in pins.items():
            calls |= {called: self.ids[called] for called in sorted(self.processes[key].calls)}

    def _shown_at(self, form_id: str) -> str:
        """The name of a form, which has none of its own: that of the first element that shows it."""
        for process in self.processes.values():
            for element in process.elements.values():
                if element.form == form_id and element.name:
                    return element.name
        known = catalog.latest(self.tx, FormDefinition, self.agency_id, form_id)
        return str(known.name) if known is not None else form_id

    def _pin(self, key: str, row: Row[Any] | None) -> None:
        """Note what a called process that is not among the files has been deployed as."""
        assert row is not None, "the linter knows every called process"
        self.ids[key], self.digests[key] = row.id, row.digest

    def _digest_of(self, key: str) -> str:
        """Over the file of a process of this deployment and all that it calls, in circles too."""
        parts, todo = {}, [key]
        while todo:
            called = todo.pop()
            if called in parts:
                continue
            process = self.processes.get(called)
            if process is None:
                parts[called] = self.digests[called]
            else:
                parts[called] = _digest(self.resources[process.resource])
                todo += process.calls
        own = parts.pop(key)
        return _digest(own.encode(), *(f"{called} {parts[called]}".encode() for called in sorted(parts)))

    def _process(self, process: Process) -> dict[str, str]:
        """Compare a process with its newest version; returns its pins, to be filled when all have ids."""
        calls: dict[str, str] = {}
        values = {
            "calls": calls,
            "starter_groups": list(process.starter_groups),
            "starter_users": list(process.starter_users),
            "starts_by_hand": process.none_start is not None,
            "start_form": process.none_start.form if process.none_start else None,
        }
        key, name = process.key, process.name or process.participant or process.key
        digest = self._digest_of(key)
        self.ids[key] = self._version(ProcessDefinition, key, name, process.resource, digest, values)
        return calls

    def _version(
        self,
        table: Any,
        key: str,
        name: str,
        resource: str,
        digest: str,
        values: dict[str, Any] | None = None,
    ) -> str:
        """The id of the newest version where it has this content, else of a new one that is noted."""
        newest = catalog.latest(self.tx, table, self.agency_id, key)
        if newest is not None and newest.digest == digest and newest.resource_name == resource:
            return str(newest.id)
        version = newest.version + 1 if newest is not None else 1
        definition_id = f"{key}:{version}:{uuid7()}"
        self.rows.append(
            (
                table,
                {
                    "id": definition_id,
                    "key": key,
                    "version": version,
                    "name": name[:MAX_NAME],
                    "digest": digest,
                    "resource_name": resource,
                    "agency_id": self.agency_id,
                    **(values or {}),
                },
            )
        )
        return definition_id

    def write(self, actor: Actor, name: str, source: str) -> str:
        """Insert the deployment, its files and its new versions; each process must load. Returns its id."""
        deployment_id = str(uuid7())
        self.tx.execute(
            insert(Deployment).values(
                id=deployment_id,
                agency_id=self.agency_id,
                name=name[:MAX_NAME] or "-",
                source=source[:MAX_NAME],
                deployed_at=clock.now(),
                deployed_by=actor.user_id,
            )
        )
        resource_ids = {}
        for resource, content in self.resources.items():
            resource_ids[resource] = str(uuid7())
            self.tx.execute(
                insert(Resource).values(
                    id=resource_ids[resource],
                    deployment_id=deployment_id,
                    name=resource,
                    digest=_digest(content),
                    content=content,
                )
            )
        for table, values in self.rows:
            place = {"deployment_id": deployment_id, "resource_id": resource_ids[values["resource_name"]]}
            self.tx.execute(insert(table).values(**values, **place))
        new = [values["id"] for table, values in self.rows if table is ProcessDefinition]
        for definition_id in new:
            self._try(definition_id)
        arm_start_timers(self.tx, actor, new)
        return deployment_id

    def _try(self, definition_id: str) -> None:
        """A new version must be one that the interpreter runs, and every version that it names must exist."""
        deployed = catalog.load_process(self.tx, definition_id)
        absent = []
        for element in deployed.process.elements.values():
            place = Place(deployed.process.resource, element.id, element.name, element.line)
            for table, reference, rule in _BOUND:
                key = element.attributes.get(reference)
                if key and catalog.referred(self.tx, table, deployed, element, reference) is None:
                    number = element.attributes.get(f"{reference}Version", "")
                    absent.append(RULES[rule].at(place, ref=f"{key}:{number}"))
        if absent:
            raise DeploymentRefused(absent)


_BOUND: tuple[tuple[type[catalog.Definition], str, str], ...] = (
    (FormDefinition, "formRef", "form-unknown"),
    (DecisionDefinition, "decisionRef", "decision-unknown"),
)
"""What an element refers to by a binding, and the rule that it breaks where that version does not exist."""


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".bpmn", ".dmn", ".xml"))


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
