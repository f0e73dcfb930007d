"""What could not be looked up is no pass, and what is found fails; and every lock file holds hashes."""

import json
import re

import pytest

from tests.support.advisories import LOCKS, ROOT, Verdict, conclude, read_npm_audit, read_pip_audit

CLEAN = {"name": "flask", "version": "3.1.3", "vulns": []}
FAULTY = {"name": "lxml", "version": "6.0", "vulns": [{"id": "CVE-2026-41066", "fix_versions": ["6.1"]}]}
SKIPPED = {"name": "alembic", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def pip(*packages: dict) -> Verdict:
    return read_pip_audit("requirements.lock", json.dumps({"dependencies": packages, "fixes": []}), "")


def npm(vulnerabilities: dict, total: int = 200) -> Verdict:
    body = {"vulnerabilities": vulnerabilities, "metadata": {"dependencies": {"total": total}}}
    return read_npm_audit("package-lock.json", json.dumps(body), "")


def code(*verdicts: Verdict, lenient: bool = False) -> int:
    return conclude(verdicts, unless_unreachable=lenient)[0]


def test_what_was_looked_up_and_is_clean_passes() -> None:
    assert code(pip(CLEAN), npm({})) == 0


def test_a_vulnerability_fails_and_is_named_even_where_others_could_not_be_asked() -> None:
    for lenient in (False, True):
        assert code(pip(CLEAN, FAULTY), npm({}), lenient=lenient) == 1
        assert code(pip(CLEAN), npm({"htmx": {"range": "<2", "severity": "low"}}), lenient=lenient) == 1
        assert code(pip(FAULTY, SKIPPED), Verdict("x", 0, unknown="away"), lenient=lenient) == 1
    _, said = conclude([pip(FAULTY)], unless_unreachable=False)
    assert said == ["VULNERABLE  requirements.lock: lxml 6.0: CVE-2026-41066"]


@pytest.mark.parametrize(
    "verdict",
    [
        pip(CLEAN, SKIPPED),
        pip(SKIPPED),
        pip(),
        read_pip_audit("requirements.lock", "", "Could not resolve host: pypi.org"),
        read_npm_audit("package-lock.json", '{"message": "405 Method Not Allowed", "statusCode": 405}', ""),
        read_npm_audit("package-lock.json", "", "npm: not found"),
        npm({}, total=0),
    ],
)
def test_what_was_not_looked_up_is_told_and_is_no_pass(verdict: Verdict) -> None:
    assert code(npm({}), verdict) == 2
    exit_code, said = conclude([verdict], unless_unreachable=True)
    assert exit_code == 0
    assert [line.split(":")[0] for line in said] == [f"NOT AUDITED {verdict.of}"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_python_is_pinned_with_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(packages) > 20
    assert [
        line for line in packages if not re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ] == []


def test_every_package_of_the_front_end_is_pinned_with_a_hash() -> None:
    packages = json.loads((ROOT / "webapp/frontend/package-lock.json").read_text())["packages"]
    named = {name: about for name, about in packages.items() if name}
    assert len(named) > 50
    assert [
        name for name, about in named.items() if not about.get("integrity", "").startswith("sha512-")
    ] == []
    assert {about.get("resolved", "https://registry.npmjs.org/")[:27] for about in named.values()} == {
        "https://registry.npmjs.org/"
    }
    wanted = json.loads((ROOT / "webapp/frontend/package.json").read_text())
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted["dependencies"].values())
