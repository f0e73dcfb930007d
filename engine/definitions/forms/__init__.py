"""Forms as analysts draw them with form-js, checked on the server.

Law: whatever a browser shows or hides, the server decides again from the same schema. Conditions come first,
then presence, then JSON Schema; nothing is compiled per request. A form knows fields and values, never who
fills it in: whether a user id belongs to a group is for the command to find out (``Form.members``).
"""

from engine.definitions.forms.advice import check_schema
from engine.definitions.forms.checking import check_size
from engine.definitions.forms.components import Kind
from engine.definitions.forms.form import Fact, Files, Form, parse_form
from engine.definitions.forms.model import Field
from engine.definitions.forms.problems import FormProblem

__all__ = [
    "Fact",
    "Field",
    "Files",
    "Form",
    "FormProblem",
    "Kind",
    "check_schema",
    "check_size",
    "parse_form",
]
