"""`make bench`: every measure, or those named (`ARGS='http --cases 50'`)."""

import argparse
import tempfile
from pathlib import Path

from benchmarks import embedded, feel, footprint, http_cases, lists, record, timers
from benchmarks.http_cases import Place
from tests.support.postgresql import PostgresqlMissing, running_server

MEASURES = {
    "embedded": embedded.measure,
    "feel": feel.measure,
    "footprint": footprint.measure,
    "http": http_cases.measure,
    "lists": lists.measure,
    "record": record.measure,
    "timers": timers.measure,
}


WITHOUT_DATABASE = {"feel"}


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("measures", nargs="*", choices=[[], *MEASURES], help="which; all where none is named")
    parser.add_argument("--cases", type=int, default=60, help="cases of each measure (default: 60)")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="titian-bench-") as folder:
        for name in options.measures or MEASURES:
            if options.sqlite or name in WITHOUT_DATABASE:
                MEASURES[name](Place(Path(folder), None), options.cases)
                continue
            try:
                with running_server(durable=True) as server:
                    MEASURES[name](Place(Path(folder), server), options.cases)
            except PostgresqlMissing as missing:
                raise SystemExit(f"no PostgreSQL: {missing}; measure without it: --sqlite") from missing


if __name__ == "__main__":
    main()
