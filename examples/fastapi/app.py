"""Another team's API in FastAPI, on the same `latchkey.py` as the one in Flask."""

import os
import sys
from pathlib import Path

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

# An API of yours has its own copy of latchkey.py beside it, and needs no such line.
sys.path.append(str(Path(__file__).resolve().parents[1] / "flask"))

from latchkey import AccessTokens, ApiKeys, Problem, Requirement


def with_token(**asked):
    """
    A dependency: the claims of an access token that meets a `Requirement`, of which these are the arguments.
    It is no coroutine, so that FastAPI gives it a thread, where it may wait for the issuer's keys.
    """
    requirement = Requirement(**asked)

    def claims(request: Request):
        # All of them: FastAPI's `headers.get` takes the first and says nothing of others.
        header = ", ".join(request.headers.getlist("authorization"))
        tokens = request.app.state.tokens
        return tokens.verify_header(header, requirement, request.query_params)

    return claims


current_user = with_token(accept="people")
current_admin = with_token(accept="people", role="admin")
current_machine = with_token(accept="machines", scopes=["data:read"])
sure_user = with_token(accept="people", acr_values=["urn:latchkey:2"], max_age=300)


def current_partner(request: Request):
    """A dependency: an API key that may read."""
    keys = request.app.state.api_keys
    return keys.verify(request.headers.get("x-api-key"), request.client.host, ["data:read"])


async def render(_request, problem):
    body, headers = problem.body(), problem.headers
    return JSONResponse(body, problem.status, headers, "application/problem+json")


def create_app(issuer, resource, introspection_key=None):
    app = FastAPI()
    app.state.tokens = AccessTokens(issuer, resource)
    app.add_exception_handler(Problem, render)

    @app.middleware("http")
    async def protect(request, call_next):
        response = await call_next(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @app.get("/api/protected")
    def protected(user: dict = Depends(current_user)):
        return {"userId": user["sub"]}

    @app.get("/api/admin")
    def admin(_: dict = Depends(current_admin)):
        return {"message": "Admin data"}

    @app.post("/api/refunds")
    def refund(_: dict = Depends(sure_user)):
        """Pays out: the person must have signed in with two factors, and just now."""
        return {"message": "Refunded"}

    @app.get("/api/report")
    def report(machine: dict = Depends(current_machine)):
        return {"keyId": machine["client_id"]}

    if introspection_key:
        app.state.api_keys = ApiKeys(issuer, introspection_key)

        @app.get("/api/data")
        def data(key: dict = Depends(current_partner)):
            return {"data": {"keyId": key["client_id"]}}

    return app


if __name__ == "__main__":
    if "INTROSPECTION_KEY" not in os.environ:
        print("Without INTROSPECTION_KEY there is no route for partners")
    uvicorn.run(
        create_app(
            os.environ.get("ISSUER", "http://localhost:3000"),
            os.environ.get("RESOURCE", "http://localhost:8000"),
            os.environ.get("INTROSPECTION_KEY"),
        ),
        port=int(os.environ.get("PORT", "8000")),
    )
