"""``/task/{id}``: its form, what the form is filled with, and its variables."""

from flask import jsonify
from flask.typing import ResponseReturnValue

import engine
from engine.errors import FormNotFound, TaskClosed, TaskNotFound
from webapp.db import database
from webapp.recording import seen
from webapp.rest.definitions import form_place
from webapp.rest.gate import caller
from webapp.rest.operation import Query, booleans, lists, operation
from webapp.rest.tasks import open_task
from webapp.rest.values import plain, write_variables


@operation("GET", "/task/<id>/form", "Where a task's form is", answers={200: "Its key", 404: "No such task"})
def form(id: str, query: Query) -> ResponseReturnValue:
    return jsonify(form_place(open_task(id).form_key))


@operation(
    "GET",
    "/task/<id>/deployed-form",
    "A task's form, as form-js reads it",
    answers={200: "The schema", 404: "No such task, or no form"},
)
def deployed_form(id: str, query: Query) -> ResponseReturnValue:
    open_task(id)
    schema = engine.task_form(database(), caller(), id)
    if schema is None:
        raise FormNotFound(id=id)
    return jsonify(schema)


@operation(
    "GET",
    "/task/<id>/form-variables",
    "What a task's form is filled with",
    query=(*lists("variableNames"), *booleans("deserializeValues")),
)
def form_variables(id: str, query: Query) -> ResponseReturnValue:
    try:
        form = engine.open_form(database(), caller(), id)
    except TaskClosed as closed:  # Camunda has no ended ones under /task
        raise TaskNotFound(id=id) from closed
    seen(form.task.instance_id, form.task.agency_id, f"task:{id}")
    data = plain(form.data, () if form.workable else form.sealed)
    names = query.get("variableNames") or data
    return jsonify({name: data[name] for name in names if name in data})


@operation(
    "GET", "/task/<id>/variables", "The variables that a task sees", query=booleans("deserializeValues")
)
def variables(id: str, query: Query) -> ResponseReturnValue:
    task = open_task(id)
    seen(task.instance_id, task.agency_id, f"task:{id}")
    return jsonify(write_variables(engine.task_variables(database(), caller(), id)))
