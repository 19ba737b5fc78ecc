"""
Latchkey for an API in Python, of any framework: the one file to copy. It needs PyJWT[crypto] alone.

    tokens = AccessTokens("https://auth.example.com", "https://orders.example.com")
    claims = tokens.verify_header(headers.get("Authorization"), Requirement(accept="people"))

Refusals are raised as `Problem`, which has the status, the headers and the body of the answer.
"""

import base64
import hashlib
import http.client
import ipaddress
import json
import logging
import re
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import jwt
from jwt import PyJWKClient, PyJWKSet

LOG = logging.getLogger(__name__)

# Refusals


class Problem(Exception):
    """An answer with RFC 9457 problem details, as Latchkey's contract has them."""

    def __init__(self, status, code, title, detail=None, headers=None, members=None):
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title
        self.headers = {"Cache-Control": "no-store", **(headers or {})}
        self._members = {**({"detail": detail} if detail else {}), **(members or {})}

    def body(self):
        """:returns: the members of the answer, for `application/problem+json`."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "error": self.title,
            "requestId": str(uuid.uuid4()),
            **self._members,
        }


def unavailable(retry_after=2):
    """Latchkey does not answer: never a 401, and never a pass."""
    return Problem(
        503,
        "STORE_UNAVAILABLE",
        "Service temporarily unavailable",
        headers={"Retry-After": str(retry_after)},
    )


OAUTH_ERRORS = {400: "invalid_request", 401: "invalid_token", 403: "insufficient_scope"}


def refusal(status, code, title, error=None, members=None, **asked):
    """With the challenge of RFC 6750 §3; a request without a token hears no `error`."""
    said = {"realm": "latchkey"}
    if code != "ACCESS_TOKEN_REQUIRED":
        said.update(error=error or OAUTH_ERRORS[status], error_description=title)
    said.update({name: value for name, value in asked.items() if value is not None})
    challenge = "Bearer " + ", ".join(f'{name}="{value}"' for name, value in said.items())
    return Problem(status, code, title, headers={"WWW-Authenticate": challenge}, members=members)


# Calls to Latchkey: bounded in time, size and redirects (there are none)

MAX_BYTES = 64 * 1024


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def call(url, body=None, headers=None, timeout=3):
    """:returns: status, headers, body. :raises Problem: 503, when there is no answer."""
    request = urllib.request.Request(url, data=body, headers=headers or {})
    try:
        with _opener.open(request, timeout=timeout) as response:
            return response.status, response.headers, response.read(MAX_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read(MAX_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise unavailable() from error


def retry_after(headers):
    """Seconds, of a header that may be missing; a minute at most."""
    text = headers.get("Retry-After", "")
    return min(int(text), 60) if text.isdigit() and int(text) > 0 else 2


# Access tokens

LIFESPAN = 3600
"""Keys stand in the JWKS for two hours before they sign, so that an hour is safe."""
COOLDOWN = 10
"""An unknown key makes it look again, but not more often than this, seconds."""
LEEWAY = 5
"""Clocks of two machines differ, seconds."""
CLAIMS = ["iss", "aud", "sub", "client_id", "iat", "exp", "jti"]


class IssuerKeys(PyJWKClient):
    """
    The issuer's keys. Four things that PyJWKClient leaves open: a call has a time limit; keys that are
    known serve on while the issuer is away; tokens with invented key ids can't make it ask each time; and
    it waits for as long as a 429 or a 503 says.
    """

    def __init__(self, issuer, clock=time.monotonic):
        super().__init__(f"{issuer}/.well-known/jwks.json", cache_jwk_set=False)
        self._clock = clock
        self._lock = threading.Lock()
        self._keys = None
        self._failed = None
        self._fetched_at = self._tried_at = float("-inf")

    def get_jwk_set(self, refresh=False):
        """:raises Problem: 503, while the issuer can't say which keys there are."""
        with self._lock:
            now = self._clock()
            due = refresh or now - self._fetched_at >= LIFESPAN
            if (self._keys is None or due) and now - self._tried_at >= self._wait():
                self._tried_at = now
                self._fetch(now)
            if self._failed and (self._keys is None or refresh):
                raise unavailable(self._failed)
            return self._keys

    def _wait(self):
        """:returns: seconds from one question to the next. Without any keys, no longer than it was told."""
        told = self._failed or 0
        return told if self._keys is None else max(told, COOLDOWN)

    def _fetch(self, now):
        try:
            status, headers, body = call(self.uri)
            if status != 200:
                self._failed = retry_after(headers)
                return
            self._keys = PyJWKSet.from_dict(json.loads(body))
        except (Problem, ValueError, jwt.PyJWTError):
            self._failed = retry_after({})
        else:
            self._failed = None
            self._fetched_at = now


ACR_LEVELS = ["urn:latchkey:1", "urn:latchkey:2"]
"""The weaker first; a stronger one does for it."""
ACR_VALUE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
"""What a quoted string holds without escapes, and no space, which separates values (RFC 6749 A.4)."""
ACCEPTED = ("people", "machines", "both")


@dataclass(frozen=True)
class Requirement:
    """
    What a route asks of a token beside being genuine. Make it where the route is made: a mistake stops the
    start, instead of letting everyone in, or no one.

    :param accept: "people" (their tokens belong to a session), "machines" (with a token that an API key was
        swapped for), or "both".
    :param scopes: all of them. An app of others has what its person has allowed it, and gets in where that is named.
    :param acr_values: one of them is enough, or a stronger level (RFC 9470).
    :param max_age: seconds since the person has signed in, at most.
    :raises ValueError: for what can't be asked.
    """

    accept: str = "people"
    scopes: tuple = ()
    role: str = None
    acr_values: tuple = None
    max_age: int = None

    def __post_init__(self):
        if self.accept not in ACCEPTED:
            raise ValueError(f"accept: must be one of {', '.join(ACCEPTED)}")
        if isinstance(self.scopes, str):
            raise ValueError("scopes: must be a list")
        if self.acr_values is not None and not _are_acr_values(self.acr_values):
            raise ValueError("acr_values: must be a list of values such as urn:latchkey:2")
        if self.max_age is not None and not (type(self.max_age) is int and self.max_age >= 0):
            raise ValueError("max_age: must be a whole number of seconds, 0 or more")
        asks_sign_in = self.acr_values is not None or self.max_age is not None
        if asks_sign_in and self.accept == "machines":
            raise ValueError("accept: no sign-in is behind the token of a machine")

    def check(self, claims):
        """:raises Problem: 401 or 403, for a genuine token that does not do."""
        is_person = "sid" in claims
        if self.accept != "both" and is_person != (self.accept == "people"):
            raise refusal(401, "TOKEN_INVALID", "Invalid token")
        # The tokens of the team's own apps have `user`.
        needed = self.scopes or (["user"] if is_person else [])
        if not set(needed) <= set(claims.get("scope", "").split()):
            needed = " ".join(needed)
            raise refusal(403, "INSUFFICIENT_SCOPE", "Insufficient scope", scope=needed)
        if self.role is not None and claims.get("role") != self.role:
            raise refusal(403, "FORBIDDEN", "Forbidden")
        if not (self._is_strong(claims) and self._is_fresh(claims)):
            raise self._insufficient()

    def _is_strong(self, claims):
        if self.acr_values is None:
            return True
        acr = claims.get("acr")
        return "sid" in claims and any(_is_at_least(acr, wanted) for wanted in self.acr_values)

    def _is_fresh(self, claims):
        if self.max_age is None:
            return True
        signed_in = claims.get("auth_time")
        # `auth_time` has whole seconds, so time is counted in them. A token without it is not fresh.
        return (
            "sid" in claims
            and type(signed_in) is int
            and int(time.time()) - signed_in <= self.max_age
        )

    def _insufficient(self):
        """RFC 9470 §3; in the body as well, for scripts of other origins, which can't read the header."""
        values = None if self.acr_values is None else list(self.acr_values)
        members = {"acrValues": values, "maxAge": self.max_age}
        return refusal(
            401,
            "AUTHENTICATION_INSUFFICIENT",
            "A stronger or more recent sign-in is required",
            error="insufficient_user_authentication",
            members={name: value for name, value in members.items() if value is not None},
            acr_values=values and " ".join(values),
            max_age=self.max_age,
        )


def _are_acr_values(given):
    if isinstance(given, str) or not given:
        return False
    return all(isinstance(value, str) and ACR_VALUE.fullmatch(value) for value in given)


def _is_at_least(acr, wanted):
    if acr == wanted:
        return True
    known = acr in ACR_LEVELS and wanted in ACR_LEVELS
    return known and ACR_LEVELS.index(acr) > ACR_LEVELS.index(wanted)


PEOPLE = Requirement()


class AccessTokens:
    """
    The one verifier: RS256, `at+jwt`, one issuer, one audience (RFC 8725 §3.1, §3.8, §3.9, §3.11).

    `resource` is this API's own identifier, as RESOURCES of the service has it. `legacy_audience` is that of
    tokens from before; remove it when all apps ask for tokens with `resource`.
    """

    def __init__(self, issuer, resource, legacy_audience=None, clock=time.monotonic):
        url = urlsplit(resource)
        if not (url.scheme and url.netloc) or f"{url.scheme}://{url.netloc}" == issuer:
            raise ValueError("resource: must be an absolute URI of this API, not of the issuer")
        if legacy_audience:
            LOG.warning("legacy_audience is set: tokens for other APIs are accepted")
        self._issuer = issuer
        self._audiences = [resource, *([legacy_audience] if legacy_audience else [])]
        self.keys = IssuerKeys(issuer, clock)

    def verify_header(self, authorization, requirement=PEOPLE, query=()):
        """
        :param authorization: the header; several of them joined by a comma.
        :param query: names of the parameters of the URL, where a token must not be.
        :returns: the claims. :raises Problem: 400, 401, 403; 503 while the issuer can't be asked.
        """
        return self.verify(_bearer_token(authorization or "", query), requirement)

    def verify(self, token, requirement=PEOPLE):
        """The same for a token without its scheme."""
        claims = self._genuine(token)
        requirement.check(claims)
        return claims

    def _genuine(self, token):
        try:
            header = jwt.get_unverified_header(token)
            # Nothing else is allowed in: `crit`, `jwk`, `jku` and `x5u` have nowhere to be.
            pinned = header.get("alg") == "RS256" and header.get("typ") == "at+jwt"
            if not pinned or set(header) != {"alg", "typ", "kid"}:
                raise jwt.InvalidTokenError("not an access token of ours")
            key = self.keys.get_signing_key(header["kid"])
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                issuer=self._issuer,
                leeway=LEEWAY,
                # Compared below: a list of audiences is refused, and Latchkey's own is reported.
                options={"require": CLAIMS, "verify_aud": False},
            )
            if claims["aud"] not in self._audiences:
                self._report(claims)
                raise jwt.InvalidAudienceError("not for this API")
            return claims
        except jwt.ExpiredSignatureError as error:
            raise refusal(401, "TOKEN_EXPIRED", "Token expired") from error
        # PyJWKClientError for a key id that the issuer does not have is one of them.
        except jwt.PyJWTError as error:
            raise refusal(401, "TOKEN_INVALID", "Invalid token") from error

    def _report(self, claims):
        """An app that sends Latchkey's own token shows this API what opens a person's whole account."""
        audience = claims["aud"]
        is_text = isinstance(audience, str)
        is_own = is_text and (audience == self._issuer or not urlsplit(audience).scheme)
        if is_own and claims["client_id"] == "latchkey":
            LOG.warning("this app sends us Latchkey's own token")


def _bearer_token(authorization, query):
    """RFC 6750 §2.1. A server joins repeated headers by a comma, which no token holds."""
    if "access_token" in query:
        raise refusal(400, "INVALID_REQUEST", ONE_TOKEN)
    scheme, _, token = authorization.partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer":
        raise refusal(401, "ACCESS_TOKEN_REQUIRED", "Access token required")
    if not token or "," in token or " " in token:
        raise refusal(400, "INVALID_REQUEST", ONE_TOKEN)
    return token


ONE_TOKEN = "Send one access token, in one Authorization header"


# API keys

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
    Partners' API keys, by introspection (RFC 7662).

    :param introspection_key: an API key of your own with the scope `token:introspect`, which an
        administrator gives. Only the issuer can tell a live key, and it tells authorized callers alone.
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

    def verify(self, key, address, scopes=()):
        """
        :param key: the header `x-api-key`, or nothing.
        :param address: the caller's, for keys that only some may use.
        :param scopes: all of them.
        :returns: the introspection of a live key. :raises Problem: 401, 403, 503.
        """
        if not key:
            raise Problem(401, "API_KEY_REQUIRED", "API key required", headers=CHALLENGE)
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
        if not set(scopes) <= set(found["scope"].split()):
            detail = f"The key needs: {' '.join(scopes)}."
            raise Problem(403, "INSUFFICIENT_SCOPE", "Insufficient scope", detail)
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
            LOG.error("introspection was answered %s", status)
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
