"""Security headers of every answer. No inline script anywhere; inline style only where a page asks for it."""

from flask import Flask, Response, g, request

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def allow_inline_styles() -> None:
    """Let the page of this request carry inline styles.

    For the libraries that write them (bpmn.io's diagrams, CodeMirror in the modeler); never scripts.
    """
    g.inline_styles = True


def init_headers(app: Flask) -> None:
    """Put the headers on every answer of ``app``."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = content_security_policy(inline_styles=g.get("inline_styles", False))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if "Cache-Control" not in headers:  # a static file has said how long it may be kept; a case may not be
        headers["Cache-Control"] = "no-store"
    return response


def content_security_policy(*, inline_styles: bool = False) -> str:
    """The policy as a header's value."""
    policy = dict(_POLICY)
    if inline_styles:
        policy["style-src"] += " 'unsafe-inline'"
    return "; ".join(f"{name} {value}" for name, value in policy.items())
