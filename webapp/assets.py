"""The built bundles: their addresses from the build's manifest, and how they travel over a weak line.

``webapp/static/dist/manifest.json`` maps a bundle's plain name to its file with the content's hash, so a
browser may keep each file for good. Beside each file lie its compressed copies, which are sent where the
browser takes them. Pages are not compressed, because they hold both secrets and text that others wrote
(BREACH).
"""

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, url_for

DIST = Path(__file__).parent / "static" / "dist"
_FOREVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def init_assets(app: Flask) -> None:
    """Give the templates of ``app`` the function ``asset(name)``, and its static files their headers."""
    app.jinja_env.globals["asset"] = asset
    app.after_request(_dress)


def asset(name: str) -> str:
    """The address of a bundle (``app.css``). Raises ``KeyError`` for one that was not built."""
    return url_for("static", filename=f"dist/{_manifest(_built_at())[name]}")


def bundle_file(name: str) -> Path:
    """The file of a bundle, for an address of its own. Raises ``KeyError`` for one that was not built."""
    return DIST / _manifest(_built_at())[name]


def _built_at() -> int:
    try:
        return (DIST / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        raise RuntimeError("the bundles are missing: run `python hatch_build.py`, or `make run`") from None


@lru_cache(1)
def _manifest(_built_at: int) -> dict[str, str]:
    read: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return read


def _dress(response: Response) -> Response:
    """Say how long a static file may be kept, and send its compressed copy where there is one."""
    if request.endpoint != "static" or response.status_code not in {200, 304}:
        return response
    name = str((request.view_args or {})["filename"])
    bundle = name.startswith("dist/")
    response.headers["Cache-Control"] = _FOREVER if bundle else _A_DAY
    if bundle and response.status_code == 200 and "Range" not in request.headers:
        _compress(response, DIST / name.removeprefix("dist/"))
    return response


def _compress(response: Response, file: Path) -> None:
    for encoding, suffix in _ENCODINGS:
        copy = file.with_name(file.name + suffix)
        if not copy.is_file():
            continue
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality(encoding):
            response.direct_passthrough = False
            response.data = copy.read_bytes()
            response.headers["Content-Encoding"] = encoding
            return
