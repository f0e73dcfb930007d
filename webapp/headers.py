"""Security headers of every answer: no inline script and no inline style anywhere, and nothing is kept.

Issue 5, section 4; ``docs/discussion/content-security-policy.md`` says why each part of the policy is there.
"""

from flask import Flask, Response, current_app, request

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in _POLICY.items())
"""The policy as a header's value; the same on every answer, and one word more on files of a case."""

_UNUSED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""What a browser can do and no page of ours asks for. Passkeys and the clipboard are left as they are."""

_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # No other site learns the addresses of cases. Not "no-referrer": the CSRF check over https reads it.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"

KEPT = frozenset({"static", "site.agency_styles"})
"""Endpoints whose answers hold nothing of a case, and say themselves how long a browser may keep them."""


HANDED_OUT = frozenset(
    {"/attachments/<attachment_id>/file", "/engine-rest/task/<id>/attachment/<attachment_id>/data"}
)
"""Routes whose answers strangers have written: were one ever opened as a page, nothing in it would run."""


def init_headers(app: Flask) -> None:
    """Put the headers on every answer of ``app``."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.update(_ALWAYS)
    if request.is_secure or not current_app.config["SETTINGS"].demo:
        # Outside demo mode the cookie works over https only: a proxy that we were not told of is in front.
        headers["Strict-Transport-Security"] = HSTS
    rule = request.url_rule.rule if request.url_rule is not None else ""
    if rule in HANDED_OUT and response.status_code == 200:
        headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; sandbox"
    if request.endpoint not in KEPT or response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    return response
