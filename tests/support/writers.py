"""A process of its own that works on cases with two threads: ``python -m tests.support.writers URL CASES``.

Nothing may fail: whoever finds the database busy waits. Ends with 1 and the error where something does.
"""

import logging
import sys
import threading

from tests.support.keys import open_database
from tests.support.office import Office


def work(url: str, cases: int) -> list[Exception]:
    """Start cases on two threads and complete their first step; what went wrong."""
    logging.getLogger("engine.record.place").setLevel(logging.ERROR)  # no log is kept of these
    office, wrong = Office(open_database(url)), list[Exception]()

    def run() -> None:
        try:
            for _ in range(cases):
                office.do(office.start(), "a")
        except Exception as error:  # noqa: BLE001 - told to whoever has started this
            wrong.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


if __name__ == "__main__":
    if failed := work(sys.argv[1], int(sys.argv[2])):
        sys.exit(repr(failed))
