"""Another team's API in Flask: people come with Latchkey's tokens, partners with its API keys."""

import os

from flask import Flask, g

import problems
from guards import api_key_required, token_required
from latchkey import AccessTokens, ApiKeys
from login import proxy_login


def create_app(issuer, resource, introspection_key=None):
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024
    problems.register(app)
    app.extensions["latchkey_tokens"] = AccessTokens(issuer, resource)

    @app.after_request
    def protect(response):
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @app.post("/api/auth/login")
    def login():
        return proxy_login(issuer, resource)

    @app.get("/api/protected")
    @token_required(accept="people")
    def protected():
        return {"userId": g.user["sub"]}

    @app.get("/api/admin")
    @token_required(accept="both", role="admin")
    def admin():
        return {"message": "Admin data"}

    @app.post("/api/refunds")
    @token_required(accept="people", acr_values=["urn:latchkey:2"], max_age=300)
    def refund():
        """Pays out: the person must have signed in with two factors, and just now."""
        return {"message": "Refunded"}

    @app.get("/api/report")
    @token_required(accept="machines", scopes=["data:read"])
    def report():
        return {"keyId": g.user["client_id"]}

    if introspection_key:
        app.extensions["latchkey_api_keys"] = ApiKeys(issuer, introspection_key)

        @app.get("/api/data")
        @api_key_required("data:read")
        def data():
            return {"data": {"keyId": g.api_key["client_id"]}}

    return app


if __name__ == "__main__":
    if "INTROSPECTION_KEY" not in os.environ:
        print("Without INTROSPECTION_KEY there is no route for partners")
    create_app(
        os.environ.get("ISSUER", "http://localhost:3000"),
        os.environ.get("RESOURCE", "http://localhost:5000"),
        os.environ.get("INTROSPECTION_KEY"),
    ).run("127.0.0.1", int(os.environ.get("PORT", "5000")))
