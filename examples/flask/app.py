"""Another team's API in Flask: people come with Latchkey's tokens, partners with its API keys."""

import os

from flask import Flask, g

import problems
from api_keys import ApiKeys, api_key_required
from login import proxy_login
from tokens import AccessTokens, require_role, user_required


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
    @user_required
    def protected():
        return {"userId": g.user["sub"]}

    @app.get("/api/admin")
    @require_role("admin")
    def admin():
        return {"message": "Admin data"}

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
