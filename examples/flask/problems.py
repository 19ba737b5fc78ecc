"""Failures as RFC 9457 problem details, with the members of Latchkey's contract."""

import json
import uuid

from flask import Flask, Response
from werkzeug.exceptions import HTTPException


class Problem(Exception):
    """Raised anywhere below a view; rendered by `register`."""

    def __init__(self, status, code, title, detail=None, headers=None):
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.headers = headers or {}


def unavailable(retry_after=2):
    """Latchkey does not answer: never a 401, and never a pass."""
    return Problem(
        503,
        "STORE_UNAVAILABLE",
        "Service temporarily unavailable",
        headers={"Retry-After": str(retry_after)},
    )


def render(problem):
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "error": problem.title,
        "requestId": str(uuid.uuid4()),
    }
    if problem.detail:
        body["detail"] = problem.detail
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(json.dumps(body), problem.status, headers, "application/problem+json")


def render_http(error):
    """What Flask itself refuses: 404, 405, 413, a body that is no JSON."""
    code = error.name.upper().replace(" ", "_")
    headers = {"Allow": ", ".join(error.valid_methods)} if error.code == 405 else {}
    return render(Problem(error.code, code, error.name, headers=headers))


def register(app: Flask):
    app.register_error_handler(Problem, render)
    app.register_error_handler(HTTPException, render_http)
