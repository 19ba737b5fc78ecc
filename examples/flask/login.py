"""A sign-in that Latchkey does: this API keeps no password, and answers what Latchkey answers."""

import json

from flask import Response, request

from latchkey import call

TIMEOUT = 10
"""A password is hashed on purpose slowly, and may wait for others, seconds."""
FORWARDED = (
    "Content-Type",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "WWW-Authenticate",
)


def proxy_login(issuer, resource):
    """
    The access token is for this API alone: it is shown it, and must not be able to use it elsewhere. Tokens
    come back in the body; cookies would be Latchkey's, and not of this origin. Latchkey sees this
    server's address for everybody, so that its limit by address counts all of them together: let
    browsers call Latchkey itself where they can.
    """
    given = request.get_json()
    members = given if isinstance(given, dict) else {}
    body = {name: members[name] for name in ("email", "password") if name in members}
    body["resource"] = resource
    headers = {
        "Content-Type": "application/json",
        "User-Agent": request.headers.get("User-Agent", ""),
    }
    status, answered, text = call(
        f"{issuer}/api/auth/login", json.dumps(body).encode(), headers, TIMEOUT
    )
    forwarded = {name: answered[name] for name in FORWARDED if name in answered}
    return Response(text, status, {"Cache-Control": "no-store", **forwarded})
