"""When a cycle's next round is, and when a failed job is tried again: without a database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.commands.due import resolve_due
from engine.commands.job_rows import BACK_OFF, RETRIES, retry_plan

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    "cycle", ["R/PT0.1S", "R/2026-03-02T09:00:00Z/PT0.1S", "R/2026-03-02T08:59:59.95Z/PT0.1S"]
)
def test_no_round_of_a_cycle_comes_sooner_than_a_second(cycle: str) -> None:
    due = resolve_due("timeCycle", cycle, AT, JAKARTA)
    assert timedelta(seconds=1) <= due - AT <= timedelta(seconds=1.1)


def test_a_round_lies_on_the_grid_from_the_start_that_the_cycle_names() -> None:
    due = resolve_due("timeCycle", "R/2026-03-02T08:30:00.500Z/PT30M", AT, JAKARTA)
    assert due == AT + timedelta(seconds=0.5)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        (None, (RETRIES, BACK_OFF)),
        ("R5/PT10M", (5, ("PT10M",))),
        (" PT1M, PT5M ", (2, ("PT1M", "PT5M"))),
        ("R0/PT1M", (0, ("PT1M",))),
        ("besok", (RETRIES, BACK_OFF)),
        ("PT1M,besok", (RETRIES, BACK_OFF)),
        ("R3/", (RETRIES, BACK_OFF)),
        (",", (RETRIES, BACK_OFF)),
    ],
)
def test_a_retry_plan_is_what_the_diagram_says_or_else_ours(
    text: str | None, plan: tuple[int, tuple[str, ...]]
) -> None:
    assert retry_plan(text) == plan
