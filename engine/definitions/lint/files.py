"""Files as such: readable, of a known kind, each definition once."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from engine.definitions.forms.reading import read_schema
from engine.definitions.lint.deployment import (
    MAX_ELEMENTS,
    Deployment,
    Diagram,
    FormFile,
    TableFile,
    decision_ids,
)
from engine.definitions.lint.finding import Finding, Known, Place, Rule
from engine.definitions.reading import bpmn, read_processes
from engine.definitions.xml import kind_of, parse_xml
from engine.errors import N_, FormRefused, XmlRefused

XML_REFUSED = Rule(
    id="xml-refused",
    severity="error",
    title=N_("A file is not XML that Titian reads."),
    why=N_("Broken or hostile XML is not opened further."),
    hint=N_("Save the file again from the modeler, as UTF-8 and without a DOCTYPE."),
    template=N_("The file cannot be read: %(reason)s."),
)
FILE_UNKNOWN = Rule(
    id="file-unknown",
    severity="error",
    title=N_("A file is of no kind that can be deployed."),
    why=N_("A file that nobody reads would look deployed and do nothing."),
    hint=N_("Deploy diagrams (.bpmn), decision tables (.dmn) and forms (.form or .json) only."),
    template=N_("Files like this cannot be deployed."),
)
FORM_REFUSED = Rule(
    id="form-refused",
    severity="error",
    title=N_("A file is not a form-js form."),
    why=N_("Nobody could open the task that shows it."),
    hint=N_("Save the form again from the form editor."),
    template=N_("The form cannot be read: %(reason)s."),
)
DEFINITION_DUPLICATE = Rule(
    id="definition-duplicate",
    severity="error",
    title=N_("Two definitions of one deployment have the same id."),
    why=N_("Only one of them could run, and nobody could say which."),
    hint=N_("Give one of them another id, or leave it out."),
    template=N_("The id '%(id)s' is already defined in %(other)s."),
)
RULES = (XML_REFUSED, FILE_UNKNOWN, FORM_REFUSED, DEFINITION_DUPLICATE)

_DIAGRAMS, _TABLES, _FORMS = {".bpmn"}, {".dmn"}, {".form", ".json"}


def read_files(resources: Mapping[str, bytes], known: Known) -> tuple[Deployment, list[Finding]]:
    """The files that can be read, and a finding for each that cannot."""
    diagrams: list[Diagram] = []
    tables: list[TableFile] = []
    forms: list[FormFile] = []
    findings: list[Finding] = []
    for resource, content in resources.items():
        suffix = PurePath(resource).suffix.lower()
        if not _is_name(resource):
            findings.append(FILE_UNKNOWN.at(Place(resource[:LONGEST_NAME]), _NAME_WRONG, limit=LONGEST_NAME))
            continue
        try:
            if suffix in _FORMS:
                forms.append(FormFile(resource, content, read_schema(content, resource)))
            elif suffix in _DIAGRAMS:
                diagrams.append(_read_diagram(content, resource))
            elif suffix in _TABLES:
                tables.append(_read_table(content, resource))
            else:
                findings.append(FILE_UNKNOWN.at(Place(resource)))
        except XmlRefused as error:
            place = Place(resource, line=error.parameters.get("line") or 0)
            findings.append(XML_REFUSED.at(place, reason=error.parameters["reason"]))
        except FormRefused as error:
            findings.append(FORM_REFUSED.at(Place(resource), reason=error.parameters["reason"]))
        except _KindWrong:
            findings.append(FILE_UNKNOWN.at(Place(resource), _KIND_WRONG))
    return Deployment(tuple(diagrams), tuple(tables), tuple(forms), known), findings


LONGEST_NAME = 200
_NAME_WRONG = N_("A file is called by 1 to %(limit)d printable characters, without folders.")


def _is_name(resource: str) -> bool:
    """Whether this can be shown, kept in a column, and saved by a browser as a file of its own folder."""
    return 0 < len(resource) <= LONGEST_NAME and resource.isprintable() and not set(resource) & set("/\\")


_KIND_WRONG = N_("The file holds something else than its name says.")


class _KindWrong(Exception):
    """BPMN in a .dmn file, or the other way round."""


def _read_diagram(content: bytes, resource: str) -> Diagram:
    root = parse_xml(content, resource)
    if kind_of(root, resource) != "bpmn":
        raise _KindWrong
    unread = Diagram(resource, root, ())
    if unread.size > MAX_ELEMENTS:
        return unread  # and another rule says so
    processes = read_processes(root, resource).values()
    return Diagram(resource, root, tuple(p for p in processes if p.executable))


def _read_table(content: bytes, resource: str) -> TableFile:
    root = parse_xml(content, resource)
    if kind_of(root, resource) != "dmn":
        raise _KindWrong
    return TableFile(resource, content, root)


def check_duplicates(deployment: Deployment) -> Iterator[Finding]:
    """Process keys (a partner's too), decision ids and form ids that two files define."""
    processes = [
        (n.get("id", ""), d.place(n)) for d in deployment.diagrams for n in d.root.iterfind(bpmn("process"))
    ]
    decisions = [(i, Place(t.resource, i)) for t in deployment.tables for i in decision_ids(t.root)]
    forms = [(f.id, Place(f.resource, f.id)) for f in deployment.forms]
    for kind in (processes, decisions, forms):
        first: dict[str, Place] = {}
        for definition_id, place in kind:
            other = first.setdefault(definition_id, place)
            if definition_id and other.resource != place.resource:
                yield DEFINITION_DUPLICATE.at(place, id=definition_id, other=other.resource)
