"""`make tck TCK=path`: pass and fail by folder and by label; exit code 1 if anything fails."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.tck.running import Verdict, verdicts


def main() -> int:
    """Run the kit and print the tables."""
    parser = argparse.ArgumentParser(prog="make tck", description=__doc__)
    parser.add_argument("kit", type=Path, help="the folder with compliance-level-2 and compliance-level-3")
    parser.add_argument("--only", default="", help="part of a folder's name")
    options = parser.parse_args()
    if not options.kit.is_dir():
        parser.error(f"{options.kit} is not a folder")
    found = [verdict for verdict in verdicts(options.kit) if options.only in verdict.folder]
    if not found:
        parser.error(f"there are no test cases below {options.kit}")
    for verdict in found:
        if verdict.reason:
            print(f"FAIL {verdict.folder} {verdict.case} '{verdict.node}': {verdict.reason}"[:400])
    _table("folder", found, lambda verdict: (verdict.folder,))
    _table("label", found, lambda verdict: verdict.labels)
    _table("level", found, lambda verdict: (verdict.folder.split("/")[0],))
    return int(any(verdict.reason for verdict in found))


def _table(title: str, found: Iterable[Verdict], keys) -> None:  # type: ignore[no-untyped-def]
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for verdict in found:
        for key in keys(verdict):
            total[key] += 1
            passed[key] += not verdict.reason
    print(f"\n{'passed':>7} {'failed':>7}  {title}")
    for key in sorted(total):
        print(f"{passed[key]:7} {total[key] - passed[key]:7}  {key}")


if __name__ == "__main__":
    sys.exit(main())
