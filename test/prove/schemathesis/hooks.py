"""What schemathesis asks of us: a credential for each request, and which findings have a reason."""

import json
import os
import re
import secrets
from base64 import b64encode
from functools import cache

import requests
import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

SETTINGS = json.loads(os.environ["LATCHKEY_PROVE"])
URL = SETTINGS["url"]
CALLER = SETTINGS["caller"]

# They end the session or the account that asks: each gets one that nothing else needs.
ENDING = {"POST /api/auth/logout", "DELETE /api/auth/sessions", "DELETE /api/account"}


def call(method, path, body, token=None):
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    answer = requests.request(method, URL + path, json=body, headers=headers, timeout=30)
    if not answer.ok:
        raise RuntimeError(f"{method} {path} of the hooks got {answer.status_code}: {answer.text}")
    return answer.json()


def sign_in(account):
    body = {name: account[name] for name in ("email", "password")}
    return call("POST", "/api/auth/login", body)["accessToken"]


def sign_up():
    account = {
        "email": f"{secrets.token_hex(8)}@example.com",
        "password": "long enough " + secrets.token_hex(8),
    }
    return account, call("POST", "/api/auth/register", account)["user"]["id"]


class Person:
    """An account of its own."""

    def __init__(self):
        self.account, _ = sign_up()

    def credential(self):
        return sign_in(self.account)

    def throwaway(self):
        return sign_in(sign_up()[0])

    def header(self, _schemes, token):
        return "authorization", f"Bearer {token}"


def basic(pair):
    return "Basic " + b64encode(":".join(pair).encode()).decode()


@cache
def registered_app():
    """The id and the secret of an app."""
    body = {"name": "app", "redirectUris": ["https://app.example.com/callback"]}
    made = call("POST", "/api/admin/clients", body, sign_in(SETTINGS["administrator"]))
    return made["client"]["id"], made["clientSecret"]


class Administrator(Person):
    """The account that the test has promoted, and an app that it has registered."""

    def __init__(self):
        self.account = SETTINGS["administrator"]

    def throwaway(self):
        account, user = sign_up()
        call("PATCH", f"/api/admin/users/{user}", {"role": "admin"}, sign_in(self.account))
        return sign_in(account)

    def header(self, schemes, token):
        if "client" in schemes:
            return "authorization", basic(registered_app())
        return super().header(schemes, token)


class Partner:
    """The holder of an API key that an administrator has made."""

    def credential(self):
        body = {"name": "partner", "scopes": SETTINGS["scopes"]}
        owner = sign_in(SETTINGS["administrator"])
        made = call("POST", "/api/apikeys/generate", body, owner)
        return made["key"]["id"], made["apiKey"]

    throwaway = credential

    def header(self, schemes, pair):
        if "apiKey" in schemes:
            return "x-api-key", pair[1]
        return "authorization", basic(pair)


CALLERS = {"person": Person, "administrator": Administrator, "partner": Partner}
SCHEMES = {"person": {"bearer"}, "administrator": {"bearer", "client"}, "partner": {"apiKey", "client"}}


def schemes_of(operation):
    """The names of the security schemes by which an operation knows its caller."""
    raw = operation.definition.raw.get("security")
    alternatives = operation.schema.raw_schema["security"] if raw is None else raw
    return {name for alternative in alternatives for name in alternative}


if CALLER in CALLERS:

    @schemathesis.auth(refresh_interval=None)
    class Credentials:
        """One credential for many requests; a new one when the service no longer takes it."""

        who = None
        current = None

        def get(self, case, _context):
            if not schemes_of(case.operation) & SCHEMES[CALLER]:
                return None
            if Credentials.who is None:
                Credentials.who = CALLERS[CALLER]()
            if case.operation.label in ENDING:
                return self.who.throwaway()
            if self.current is None:
                Credentials.current = self.who.credential()
            return self.current

        def set(self, case, credential, _context):
            name, value = self.who.header(schemes_of(case.operation), credential)
            case.headers[name] = value

    @schemathesis.hook
    def after_call(_context, case, response):
        # Its session, or its key, may have been among what the request took away.
        if response.status_code == 401 or case.operation.label in ENDING:
            Credentials.current = None


CREDENTIAL = re.compile(r"((?:Bearer|Basic) )?(.*)", re.DOTALL)


@schemathesis.hook
def map_headers(_context, headers):
    """OpenAPI has no pattern for a credential: one has neither white space nor a comma (RFC 6750 §2.1)."""
    for name, value in (headers or {}).items():
        if isinstance(value, str) and name.lower() in ("authorization", "x-api-key"):
            scheme, credential = CREDENTIAL.fullmatch(value).groups("")
            headers[name] = scheme + (re.sub(r"[\s,]", "-", credential) or "-")
    return headers


# A body with `__proto__`, or with `prototype` in a `constructor`, is refused at any depth.
POISON = {"__proto__": "proto", "prototype": "proto"}


def harmless(value):
    if isinstance(value, dict):
        return {POISON.get(name, name): harmless(each) for name, each in value.items()}
    if isinstance(value, list):
        return [harmless(each) for each in value]
    return value


@schemathesis.hook
def map_body(_context, body):
    """The text on top of the document says it: a schema of all unknown members would be in the types of each client."""
    return harmless(body)


def sentences_of(response):
    """What a refusal says, as the list of exceptions has it."""
    try:
        body = response.json()
    except ValueError:
        return ["no JSON"]
    if body.get("code") == "VALIDATION_FAILED":
        return [f"{error['field']} {error['message']}" for error in body.get("errors", [])]
    if "error_description" in body:
        return [f"{body['error']}: {body['error_description']}"]
    return [body.get("code", "no code")]


def exception_for(operation, sentence):
    for exception in SETTINGS["exceptions"]:
        if operation in exception["operations"] and re.search(exception["says"], sentence):
            return exception
    return None


@schemathesis.hook
def filter_failure(_context, failure, case, response):
    """Drops a request that the schema allows and the service refuses, where the list says why."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    found = [exception_for(case.operation.label, each) for each in sentences_of(response)]
    if not found or None in found:
        return True
    with open(SETTINGS["used"], "a", encoding="utf-8") as used:
        used.writelines(f"{case.operation.label} {each['says']}\n" for each in found)
    return False
