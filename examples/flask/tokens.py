"""Latchkey's access tokens: `user_required`, `jwt_required`, `require_role`, the claims in `flask.g.user`."""

import functools
import json
import logging
import threading
import time
from urllib.parse import urlsplit

import jwt
from flask import current_app, g, request
from jwt import PyJWKClient, PyJWKSet

from issuer_http import call
from problems import Problem, unavailable

LOG = logging.getLogger(__name__)

LIFESPAN = 3600
"""Keys stand in the JWKS for two hours before they sign, so that an hour is safe."""
COOLDOWN = 10
"""An unknown key makes it look again, but not more often than this, seconds."""
LEEWAY = 5
"""Clocks of two machines differ, seconds."""
CLAIMS = ["iss", "aud", "sub", "client_id", "iat", "exp", "jti"]


class IssuerKeys(PyJWKClient):
    """
    The issuer's keys. Three things that PyJWKClient leaves open: a call has a time limit; keys that are
    known serve on while the issuer is away; and tokens with invented key ids can't make it ask each time.
    """

    def __init__(self, issuer, clock=time.monotonic):
        super().__init__(f"{issuer}/.well-known/jwks.json", cache_jwk_set=False)
        self._clock = clock
        self._lock = threading.Lock()
        self._keys = None
        self._failed = False
        self._fetched_at = self._tried_at = float("-inf")

    def get_jwk_set(self, refresh=False):
        """:raises Problem: 503, when nobody can say which keys there are."""
        with self._lock:
            now = self._clock()
            due = refresh or now - self._fetched_at >= LIFESPAN
            if self._keys is None or (due and now - self._tried_at >= COOLDOWN):
                self._tried_at = now
                self._fetch(now)
            if self._keys is None or (refresh and self._failed):
                raise unavailable()
            return self._keys

    def _fetch(self, now):
        try:
            status, _, body = call(self.uri)
            if status != 200:
                raise unavailable()
            self._keys = PyJWKSet.from_dict(json.loads(body))
        except (Problem, ValueError, jwt.PyJWTError):
            self._failed = True
        else:
            self._failed = False
            self._fetched_at = now


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

    def verify(self, token):
        """:returns: the claims. :raises Problem: 401, or 503 while the issuer can't be asked."""
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


OAUTH_ERRORS = {400: "invalid_request", 401: "invalid_token", 403: "insufficient_scope"}


def refusal(status, code, title):
    """With the challenge of RFC 6750 §3; a request without a token hears no `error`."""
    challenge = 'Bearer realm="latchkey"'
    if code != "ACCESS_TOKEN_REQUIRED":
        challenge += f', error="{OAUTH_ERRORS[status]}", error_description="{title}"'
    return Problem(status, code, title, headers={"WWW-Authenticate": challenge})


def bearer_token():
    """RFC 6750 §2.1. A server joins repeated headers by a comma, which no token holds."""
    if "access_token" in request.args:
        raise refusal(400, "INVALID_REQUEST", "Send one access token, in one Authorization header")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer":
        raise refusal(401, "ACCESS_TOKEN_REQUIRED", "Access token required")
    if not token or "," in token or " " in token:
        raise refusal(400, "INVALID_REQUEST", "Send one access token, in one Authorization header")
    return token


def jwt_required(view):
    """A view for whoever has an access token: people, and machines with a token for their API key."""

    @functools.wraps(view)
    def authenticated(*args, **kwargs):
        g.user = current_app.extensions["latchkey_tokens"].verify(bearer_token())
        return view(*args, **kwargs)

    return authenticated


def user_required(view):
    """A view for people alone: a machine's token belongs to no session."""

    @functools.wraps(view)
    def personal(*args, **kwargs):
        if "sid" not in g.user:
            raise refusal(401, "TOKEN_INVALID", "Invalid token")
        return view(*args, **kwargs)

    return jwt_required(personal)


def require_role(role):
    """A view for one role. It authenticates, too."""

    def decorate(view):
        @functools.wraps(view)
        def authorized(*args, **kwargs):
            if g.user.get("role") != role:
                raise refusal(403, "FORBIDDEN", "Forbidden")
            return view(*args, **kwargs)

        return jwt_required(authorized)

    return decorate
