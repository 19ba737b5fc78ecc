"""Latchkey's API keys by introspection (RFC 7662): `api_key_required`, the key in `flask.g.api_key`."""

import base64
import functools
import hashlib
import ipaddress
import json
import re
import threading
import time
from collections import OrderedDict
from urllib.parse import urlencode

from flask import current_app, g, request

from issuer_http import call, retry_after
from problems import Problem, unavailable

LIVE = 30
"""How long a good key is trusted from memory, seconds: as long may a revoked one go on working."""
DEAD = 10
"""How long a refused one is remembered, seconds."""
MAX_KEYS = 5000
KEY = re.compile(r"[a-z][a-z0-9]{1,15}_[a-z][a-z0-9]{1,15}_([0-9A-Za-z]{30})[0-9A-Za-z]{49}")
CHALLENGE = {"WWW-Authenticate": 'ApiKey realm="latchkey", header="x-api-key"'}

INVALID = "API_KEY_INVALID", "Invalid API key"
INACTIVE = {
    "expired": ("API_KEY_EXPIRED", "The API key has expired"),
    "disabled": ("API_KEY_DISABLED", "The API key is disabled"),
}
"""What the issuer says of a key whose right secret was sent."""


class ApiKeys:
    """
    :param introspection_key: an API key of your own with the scope `token:introspect`, which an
        administrator gives. Only the issuer can tell a live key, and it tells nobody unasked.
    """

    def __init__(self, issuer, introspection_key, clock=time.time):
        own = KEY.fullmatch(introspection_key)
        if not own:
            raise ValueError("INTROSPECTION_KEY: must be a whole API key of the issuer")
        pair = f"{own[1]}:{introspection_key}".encode()
        self._url = f"{issuer}/oauth/introspect"
        self._authorization = "Basic " + base64.b64encode(pair).decode()
        self._clock = clock
        self._lock = threading.Lock()
        self._asking = {}
        # Apart, so that inventing keys pushes no real one out.
        self._live, self._dead = OrderedDict(), OrderedDict()

    def verify(self, key, address):
        """:returns: the introspection of a live key. :raises Problem: 401, 403, 503."""
        if not KEY.fullmatch(key):
            raise Problem(401, *INVALID, headers=CHALLENGE)
        found = self._find(key)
        if not found["active"]:
            code, title = INACTIVE.get(found.get("inactive_reason"), INVALID)
            raise Problem(401, code, title, headers=CHALLENGE)
        if not allows(found.get("allowed_cidrs"), address):
            raise Problem(
                403, "ADDRESS_NOT_ALLOWED", "The API key may not be used from this address"
            )
        return found

    def _find(self, key):
        digest = hashlib.sha256(key.encode()).digest()
        with self._lock:
            known = self._remembered(digest)
            if known:
                return known
            turn = self._asking.setdefault(digest, threading.Lock())
        # One call for a burst on one key: the others find its answer.
        with turn:
            try:
                with self._lock:
                    known = self._remembered(digest)
                return known or self._ask(key, digest)
            finally:
                with self._lock:
                    self._asking.pop(digest, None)

    def _remembered(self, digest):
        until, found = self._live.get(digest) or self._dead.get(digest) or (0, None)
        return found if self._clock() < until else None

    def _ask(self, key, digest):
        asked_at = self._clock()
        form = urlencode({"token": key}).encode()
        status, headers, body = call(self._url, form, {"Authorization": self._authorization})
        if status != 200:
            current_app.logger.error("introspection was answered %s", status)
            raise unavailable(retry_after(headers))
        try:
            found = json.loads(body)
            is_key = found["active"] is False or found["token_type"] == "api_key"
        except (ValueError, KeyError, TypeError) as error:
            raise unavailable() from error
        if not is_key:
            raise unavailable()
        lifetime = LIVE if found["active"] else DEAD
        until = min(asked_at + lifetime, found.get("exp", float("inf")))
        with self._lock:
            place, other = (self._live, self._dead) if found["active"] else (self._dead, self._live)
            other.pop(digest, None)
            place[digest] = (until, found)
            if len(place) > MAX_KEYS:
                place.popitem(last=False)
        return found


def allows(ranges, address):
    """No ranges allow every address."""
    if not ranges:
        return True
    given = ipaddress.ip_address(address)
    return any(given in ipaddress.ip_network(cidr, strict=False) for cidr in ranges)


def api_key_required(*scopes):
    """A view for who has an API key with all these scopes."""

    def decorate(view):
        @functools.wraps(view)
        def authenticated(*args, **kwargs):
            key = request.headers.get("x-api-key", "")
            if not key:
                raise Problem(401, "API_KEY_REQUIRED", "API key required", headers=CHALLENGE)
            g.api_key = current_app.extensions["latchkey_api_keys"].verify(key, request.remote_addr)
            if not set(scopes) <= set(g.api_key["scope"].split()):
                detail = f"The key needs: {' '.join(scopes)}."
                raise Problem(403, "INSUFFICIENT_SCOPE", "Insufficient scope", detail)
            return view(*args, **kwargs)

        return authenticated

    return decorate
