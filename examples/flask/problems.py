"""Failures as RFC 9457 problem details: Latchkey's own, and what Flask itself refuses."""

import json

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from latchkey import Problem


def render(problem):
    body = json.dumps(problem.body())
    return Response(body, problem.status, problem.headers, "application/problem+json")


def render_http(error):
    """What Flask itself refuses: 404, 405, 413, a body that is no JSON."""
    code = error.name.upper().replace(" ", "_")
    headers = {"Allow": ", ".join(error.valid_methods)} if error.code == 405 else {}
    return render(Problem(error.code, code, error.name, headers=headers))


def register(app: Flask):
    app.register_error_handler(Problem, render)
    app.register_error_handler(HTTPException, render_http)
