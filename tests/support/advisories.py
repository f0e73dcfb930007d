"""``make audit``: the packages of the lock files, held to the public lists of known vulnerabilities.

``python -m tests.support.advisories [--unless-unreachable]`` asks pip-audit and npm audit. 0: each package
was looked up and none is known to be vulnerable. 1: some are; they are printed. 2: somebody could not be
asked, which is said and is no pass; ``--unless-unreachable`` makes that a 0, and says it all the same.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PATIENCE = 300
_OPTIONS = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "15", "-f", "json")


@dataclass(frozen=True)
class Verdict:
    """What one list says. ``unknown``: why it says nothing of some or all; "" where it has looked all up."""

    of: str
    audited: int
    vulnerable: Sequence[str] = ()
    unknown: str = ""


def read_pip_audit(of: str, output: str, error: str) -> Verdict:
    """The verdict of pip-audit's JSON. What it skips it has not looked up, although it ends with 0."""
    try:
        found: Any = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Verdict(of, 0, unknown=error.strip()[-300:] or "pip-audit said nothing")
    skipped = [package["name"] for package in found if "skip_reason" in package]
    known = [package for package in found if "skip_reason" not in package]
    vulnerable = [
        f"{package['name']} {package['version']}: {', '.join(fault['id'] for fault in package['vulns'])}"
        for package in known
        if package["vulns"]
    ]
    reason = f"{len(skipped)} of {len(found)} packages were not looked up ({', '.join(skipped[:5])} ...)"
    return Verdict(of, len(known), vulnerable, reason if skipped else "" if known else "no package at all")


def read_npm_audit(of: str, output: str, error: str) -> Verdict:
    """The verdict of ``npm audit --json``."""
    try:
        found: Any = json.loads(output)
        count = found["metadata"]["dependencies"]["total"]
        faults = found["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Verdict(of, 0, unknown=error.strip()[-300:] or output.strip()[:300] or "npm said nothing")
    vulnerable = [f"{name} {fault['range']}: {fault['severity']}" for name, fault in faults.items()]
    return Verdict(of, count, vulnerable, "" if count else "no package at all")


def ask() -> list[Verdict]:
    """Ask both lists, of all lock files."""
    verdicts = []
    for lock in LOCKS:
        output, error = _run([sys.executable, "-m", "pip_audit", "-r", lock, *_OPTIONS], ROOT)
        verdicts.append(read_pip_audit(lock, output, error))
    lock = "webapp/frontend/package-lock.json"
    npm = ["npm", "audit", "--json", "--package-lock-only"]
    output, error = _run(_own_npm() or npm, ROOT / "webapp/frontend")
    return [*verdicts, read_npm_audit(lock, output, error)]


def _own_npm() -> list[str]:
    """npm of the build, as a command; empty where Node.js is not installed as a package."""
    from hatch_build import _node_and_npm

    try:
        node, npm = _node_and_npm()
    except ImportError:
        return []
    return [str(node), str(npm), "audit", "--json", "--package-lock-only"]


def _run(command: Sequence[str], folder: Path) -> tuple[str, str]:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


def conclude(verdicts: Sequence[Verdict], *, unless_unreachable: bool) -> tuple[int, list[str]]:
    """The exit code and what to say."""
    lines = []
    for verdict in verdicts:
        lines += [f"VULNERABLE  {verdict.of}: {fault}" for fault in verdict.vulnerable]
        if verdict.unknown:
            lines.append(f"NOT AUDITED {verdict.of}: {verdict.unknown}")
        elif not verdict.vulnerable:
            lines.append(f"ok          {verdict.of}: {verdict.audited} packages, none known to be vulnerable")
    if any(verdict.vulnerable for verdict in verdicts):
        return 1, lines
    if any(verdict.unknown for verdict in verdicts):
        return 0 if unless_unreachable else 2, lines
    return 0, lines


if __name__ == "__main__":
    code, said = conclude(ask(), unless_unreachable="--unless-unreachable" in sys.argv[1:])
    sys.stderr.write("\n".join([*said, ""]))
    sys.exit(code)
