"""What stands before a view: tokens, with claims in `flask.g.user`, and API keys, in `flask.g.api_key`."""

import functools

from flask import current_app, g, request

from latchkey import Requirement


def token_required(**asked):
    """A view for callers who meet a `Requirement`, of which these are the arguments."""
    requirement = Requirement(**asked)

    def decorate(view):
        @functools.wraps(view)
        def authenticated(*args, **kwargs):
            tokens = current_app.extensions["latchkey_tokens"]
            header = request.headers.get("Authorization")
            g.user = tokens.verify_header(header, requirement, request.args)
            return view(*args, **kwargs)

        return authenticated

    return decorate


def api_key_required(*scopes):
    """A view for who has an API key with all these scopes."""

    def decorate(view):
        @functools.wraps(view)
        def authenticated(*args, **kwargs):
            keys = current_app.extensions["latchkey_api_keys"]
            g.api_key = keys.verify(request.headers.get("x-api-key"), request.remote_addr, scopes)
            return view(*args, **kwargs)

        return authenticated

    return decorate
