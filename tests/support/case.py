"""A case told as a story: who does which step with which answers; the rest of each form is filled in."""

from dataclasses import dataclass
from typing import Any

from engine.feel import parse_expression
from tests.support.service import Service, typed

_TODAY = {"date": "2026-01-05", "datetime": "2026-01-05T09:00+07:00", "time": "09:00"}


@dataclass
class Case:
    """One process instance, worked by users `<group>@<agency>` over the API."""

    service: Service
    agency: str
    id: str
    business_key: str

    def do(self, group: str, element_id: str, **answers: Any) -> None:
        """A member of the group completes this open step; required fields not named are filled in."""
        caller = self.service.caller(f"{group}@{self.agency}")
        tasks = caller.get("/task", processInstanceId=self.id, taskDefinitionKey=element_id).json
        assert tasks, f"{group} has no task {element_id}; open: {self.open_steps()}"
        task_id = tasks[0]["id"]
        schema = caller.get(f"/task/{task_id}/deployed-form").json
        known = caller.get(f"/task/{task_id}/form-variables").json
        values = fill(schema["components"], answers, {name: v["value"] for name, v in known.items()})
        done = caller.post(f"/task/{task_id}/complete", {"variables": typed(values)})
        assert done.status_code == 204, done.json

    def open_steps(self) -> list[str]:
        """Ids of the steps that wait for people, as the agency's manager sees them."""
        manager = self.service.caller(f"manajer@{self.agency}")
        return sorted(t["taskDefinitionKey"] for t in manager.get("/task", processInstanceId=self.id).json)

    def waits_for(self, *element_ids: str) -> None:
        """Exactly these steps are open."""
        assert self.open_steps() == sorted(element_ids)

    def has_ended(self) -> None:
        """The case is over, and nothing of it is left open."""
        manager = self.service.caller(f"manajer@{self.agency}")
        found = manager.get(f"/history/process-instance/{self.id}").json
        assert found["state"] == "COMPLETED", f"open: {self.open_steps()}"
        assert not self.open_steps()


def begin(service: Service, agency: str, key: str, group: str, **answers: Any) -> Case:
    """A member of the group starts a case with the start form."""
    caller = service.caller(f"{group}@{agency}")
    schema = caller.get(f"/process-definition/key/{key}/deployed-start-form").json
    values = fill(schema["components"], answers, {})
    started = caller.post(f"/process-definition/key/{key}/start", {"variables": typed(values)})
    assert started.status_code == 200, started.json
    return Case(service, agency, started.json["id"], started.json["businessKey"])


def fill(components: list[dict[str, Any]], answers: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What a worker would send: the given answers, and something right in every other required field."""
    values = dict(answers)
    for _ in range(3):  # an answer may show further fields
        for field in visible(components, {**known, **values}):
            if field.get("validate", {}).get("required") and field["key"] not in values:
                values[field["key"]] = example(field)
    return values


def visible(components: list[dict[str, Any]], scope: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields outside of lists that are shown for these values."""
    found = []
    for component in components:
        hide = component.get("conditional", {}).get("hide")
        if hide and parse_expression(hide).evaluate(scope) is True:
            continue
        if component["type"] == "group":
            found += visible(component["components"], scope)
        elif "key" in component and component["type"] != "dynamiclist":
            found.append(component)
    return found


def example(field: dict[str, Any]) -> Any:
    """A value that the field accepts."""
    validate = field.get("validate", {})
    match field["type"]:
        case "number":
            return validate.get("min", 1)
        case "radio" | "select":
            return field["values"][0]["value"]
        case "checklist" | "taglist":
            return [field["values"][0]["value"]]
        case "checkbox":
            return True
        case "datetime":
            return _TODAY[field.get("subtype", "date")]
    if validate.get("pattern"):
        return "3515000101100001"
    return "Isian uji".ljust(int(validate.get("minLength", 0)), ".")
