"""Multi-instance activities (BPMN 13.3.7) and standard loops (BPMN 13.3.6).

A ``Repeat`` stands in the place of the activity and holds its items, each with a scope of its own:
``loopCounter``, the element of the collection, the item of the output. It counts (``n`` items in all,
``next`` to begin, ``done``, ``gone`` by hand) and keeps no lists: items live in the host's scopes.
"""

from collections.abc import Sequence
from typing import Any

from engine.definitions import Element, Loop
from engine.interpreter.expressions import evaluate, failure, holds
from engine.interpreter.nodes import Node
from engine.interpreter.scopes import variables, write
from engine.interpreter.spiff import Task, TaskState
from engine.interpreter.tokens import arrive, cancel, place

MAX_ITEMS = 5_000


class Repeat(Node):
    """Runs its only output, the activity's own spec, as often as ``loop`` says."""

    visible = False
    holder_of = "items"

    def __init__(self, spec: Any, name: str, element: Element, loop: Loop, item: Node) -> None:
        super().__init__(spec, name, element)
        self.loop, self.item = loop, item

    def counters(self, task: Task) -> dict[str, Any]:
        """The counters that expressions inside see, by Camunda's names."""
        state = task.internal_data
        done, gone = state["done"], state.get("gone", 0)
        counters = {"nrOfCompletedInstances": done, "nrOfActiveInstances": state["next"] - done - gone}
        return counters if state["n"] is None else {"nrOfInstances": state["n"], **counters}

    def _update_hook(self, task: Task) -> bool:
        loop = self.loop
        items = None if loop.kind == "standard" else self._items(task)
        total = None if items is None else len(items)
        if total is not None and total > MAX_ITEMS:
            raise failure(self.element.id, f"{total} items are more than {MAX_ITEMS}")
        task.internal_data.update(n=total, next=0, done=0)
        if loop.output:
            write(task, {loop.output: [None] * (total or 0)})
        if total == 0 or (loop.test_before and not holds(task, loop.condition or "true")):
            return True
        task._set_state(TaskState.STARTED)
        for _ in range(total if total is not None and loop.kind == "parallel" else 1):
            self._begin_next(task, items)
        return False

    def _items(self, task: Task) -> Sequence[Any]:
        if self.loop.collection:
            found = evaluate(task, self.loop.collection)
            if isinstance(found, list):
                return found
            raise failure(self.element.id, f"the collection '{self.loop.collection}' is no list")
        count = evaluate(task, self.loop.cardinality or "")
        if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
            return range(count)
        raise failure(self.element.id, f"'{self.loop.cardinality}' is no number of instances")

    def _items_again(self, task: Task) -> Sequence[Any] | None:
        """What a sequence goes on with: its collection as it is now, its number as it was (BPMN 13.3.7)."""
        if self.loop.kind != "sequential":
            return None
        return self._items(task) if self.loop.collection else range(task.internal_data["n"])

    def _begin_next(self, task: Task, items: Sequence[Any] | None) -> None:
        arrive(self._place_next(task, items))

    def _place_next(self, task: Task, items: Sequence[Any] | None) -> Task:
        index = task.internal_data["next"]
        task.internal_data["next"] += 1
        child = place(task.workflow, self.item, TaskState.FUTURE, task.internal_data.get("via"), parent=task)
        own: dict[str, Any] = {"loopCounter": index}
        if self.loop.output_item:
            own[self.loop.output_item] = None
        if self.loop.element_variable and items is not None:
            own[self.loop.element_variable] = items[index] if index < len(items) else None
        task.workflow.board.host.scopes[child.id] = own
        return child

    def prepare(self, task: Task) -> None:
        """Begin without items, for those that are put there by hand."""
        task.internal_data.update(n=None if self.loop.kind == "standard" else 0, next=0, done=0)
        if self.loop.output:
            write(task, {self.loop.output: []})

    def add_item(self, task: Task) -> Task:
        """Place one more item by hand: with the collection's next element, if it has one."""
        loop, state = self.loop, task.internal_data
        if state["n"] is not None:
            state["n"] += 1
            if state["n"] > MAX_ITEMS:
                raise failure(self.element.id, f"{state['n']} items are more than {MAX_ITEMS}")
        found = evaluate(task, loop.collection) if loop.collection else None
        child = self._place_next(task, found if isinstance(found, list) else [])
        if loop.output:
            write(task, {loop.output: self._results(task, state["next"])})
        return child

    def forgo(self, task: Task) -> bool:
        """One open item is about to be cancelled by hand; False: no other is open, nothing would go on."""
        if len(task.children) < 2:
            return False
        task.internal_data["gone"] = task.internal_data.get("gone", 0) + 1
        return True

    def child_done(self, holder: Task, child: Task) -> None:
        """Collect the item's result; then end, go on waiting, or begin the next item."""
        holder.internal_data["done"] += 1
        holder.workflow.board.changed = True  # conditions may ask for the counters
        self._collect(holder, child)
        items = self._items_again(holder)
        if self._over(holder, items) or (self.loop.completion and holds(child, self.loop.completion)):
            for other in holder.children:
                if other is not child:
                    cancel(other)
            holder._ready()
        elif self.loop.kind != "parallel":
            self._begin_next(holder, items)

    def _collect(self, holder: Task, child: Task) -> None:
        loop = self.loop
        if not (loop.output and loop.output_item):
            return
        own = holder.workflow.board.host.scopes[child.id]
        results = self._results(holder, own["loopCounter"] + 1)
        results[own["loopCounter"]] = own[loop.output_item]
        write(holder, {loop.output: results})

    def _results(self, task: Task, least: int) -> list[Any]:
        """The output list, with ``least`` places. A task may have set it to anything, as any other variable,
        and items of an outer multi-instance share it."""
        found = variables(task).get(self.loop.output or "")
        results = list(found) if isinstance(found, list) else []
        return results + [None] * (least - len(results))

    def _over(self, holder: Task, items: Sequence[Any] | None) -> bool:
        state = holder.internal_data
        if self.loop.kind == "standard":
            most, condition = self.loop.maximum, self.loop.condition or "true"
            return bool(most and state["done"] >= int(most)) or not holds(holder, condition)
        done: bool = state["done"] + state.get("gone", 0) == state["n"]
        return done or (items is not None and state["next"] >= len(items))
