"""Many clients at once, and what came of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

from benchmarks.cases import Timings
from benchmarks.client import Client

OneCase = Callable[[Client, Timings], None]


@dataclass(frozen=True)
class Outcome:
    """``rate``: cases a second; ``timings``: kind of request -> seconds of each."""

    rate: float
    timings: Timings

    def half(self, kind: str) -> float:
        """Median in milliseconds."""
        return median(self.timings[kind]) * 1000

    def p95(self, kind: str) -> float:
        """95th percentile in milliseconds."""
        return quantiles(self.timings[kind], n=20)[-1] * 1000


def run(port: int, one_case: OneCase, cases: int, concurrency: int) -> Outcome:
    """Run ``cases`` cases, shared among ``concurrency`` clients. Raises what any client raised."""
    each, failures = [dict[str, list[float]]() for _ in range(concurrency)], list[BaseException]()
    share = [cases // concurrency + (n < cases % concurrency) for n in range(concurrency)]

    def work(number: int) -> None:
        try:
            client = Client(port)
            for _ in range(share[number]):
                one_case(client, each[number])
        except BaseException as failure:  # noqa: BLE001 - handed to the caller's thread
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(concurrency)]
    begun = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    took = perf_counter() - begun
    kinds = {kind for timings in each for kind in timings}
    together = {kind: [s for timings in each for s in timings.get(kind, [])] for kind in kinds}
    return Outcome(cases / took, together)
