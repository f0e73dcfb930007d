"""Where to go after signing in: only ever to a page of ours."""

from urllib.parse import urlsplit


def safe_target(target: str | None, fallback: str) -> str:
    """``target`` if it is a path on this server, else ``fallback``.

    ``//host``, ``/\\host`` and control characters are refused: browsers read those as another server.
    """
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"}:
        return fallback
    if any(character < " " or character == "\x7f" or character == "\\" for character in target):
        return fallback
    try:
        parts = urlsplit(target)
    except ValueError:
        return fallback
    return fallback if parts.scheme or parts.netloc else target
