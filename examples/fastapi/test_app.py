"""The example on tokens of `latchkey dev`: python3 -m unittest, in this folder."""

import os
import re
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from fastapi.testclient import TestClient

from app import create_app

REPOSITORY = Path(__file__).resolve().parents[2]
RESOURCE = "http://localhost:8000"


def start_issuer(resource, cleanup):
    """:returns: what it prints, by name: `ISSUER`, `a person`, ...; `cleanup` is told how to stop it."""
    command = ["node", "--import", "tsx", "src/entry/latchkey.ts", "dev", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--resource", resource, "--scope", "data:read"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    cleanup(stop, process)
    printed = {}
    for line in process.stdout:
        found = re.fullmatch(r"([\w ]+)[=:] *(\S+)", line.strip())
        if found:
            printed[found[1]] = found[2]
        if "an API key" in printed:
            return printed
    raise RuntimeError("latchkey dev did not start")


def stop(process):
    process.terminate()
    process.communicate(timeout=30)


def setUpModule():
    global issuer
    issuer = start_issuer(RESOURCE, unittest.addModuleCleanup)


class Example(unittest.TestCase):
    def setUp(self):
        app = create_app(issuer["ISSUER"], RESOURCE, issuer["INTROSPECTION_KEY"])
        self.client = TestClient(app)

    def ask(self, path, who=None, method="GET"):
        headers = {"Authorization": f"Bearer {issuer[who]}"} if who else {}
        return self.client.request(method, path, headers=headers)

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status_code, answer.json()["code"]), (status, code))
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_people(self):
        answer = self.ask("/api/protected", "a person")
        self.assertIn("userId", answer.json())
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assert_problem(self.ask("/api/protected", "a machine"), 401, "TOKEN_INVALID")
        self.assert_problem(self.ask("/api/admin", "a person"), 403, "FORBIDDEN")
        answer = self.ask("/api/admin", "an administrator")
        self.assertEqual(answer.json(), {"message": "Admin data"})

    def test_machines(self):
        self.assertIn("keyId", self.ask("/api/report", "a machine").json())
        self.assert_problem(self.ask("/api/report", "a person"), 401, "TOKEN_INVALID")

    def test_partners(self):
        headers = {"x-api-key": issuer["an API key"]}
        self.assertIn("data", self.client.get("/api/data", headers=headers).json())
        self.assert_problem(self.client.get("/api/data"), 401, "API_KEY_REQUIRED")
        headers["x-api-key"] = headers["x-api-key"][:-1] + "!"
        answer = self.client.get("/api/data", headers=headers)
        self.assert_problem(answer, 401, "API_KEY_INVALID")

    def test_a_stronger_sign_in(self):
        self.assertEqual(self.ask("/api/refunds", "an administrator", "POST").status_code, 200)
        answer = self.ask("/api/refunds", "a person", "POST")
        self.assert_problem(answer, 401, "AUTHENTICATION_INSUFFICIENT")
        challenge = answer.headers["WWW-Authenticate"]
        self.assertIn('error="insufficient_user_authentication"', challenge)
        self.assertIn('acr_values="urn:latchkey:2", max_age="300"', challenge)

    def test_no_token_and_odd_ones(self):
        answer = self.ask("/api/protected")
        self.assert_problem(answer, 401, "ACCESS_TOKEN_REQUIRED")
        self.assertEqual(answer.headers["WWW-Authenticate"], 'Bearer realm="latchkey"')
        self.assert_problem(self.ask("/api/protected?access_token=x"), 400, "INVALID_REQUEST")
        token = issuer["a person"]
        twice = [("Authorization", f"Bearer {token}"), ("Authorization", "Bearer x")]
        answer = self.client.get("/api/protected", headers=twice)
        self.assert_problem(answer, 400, "INVALID_REQUEST")
        headers = {"Authorization": f"Bearer {token[:-4]}"}
        answer = self.client.get("/api/protected", headers=headers)
        self.assert_problem(answer, 401, "TOKEN_INVALID")

    def test_a_token_for_another_api(self):
        app = create_app(issuer["ISSUER"], "https://billing.example.com")
        headers = {"Authorization": f"Bearer {issuer['a person']}"}
        answer = TestClient(app).get("/api/protected", headers=headers)
        self.assert_problem(answer, 401, "TOKEN_INVALID")

    def test_an_issuer_that_is_away(self):
        app = create_app("http://127.0.0.1:1", RESOURCE)
        headers = {"Authorization": f"Bearer {issuer['a person']}"}
        answer = TestClient(app).get("/api/protected", headers=headers)
        self.assert_problem(answer, 503, "STORE_UNAVAILABLE")
        self.assertGreater(int(answer.headers["Retry-After"]), 0)


class OneCommand(unittest.TestCase):
    def test_python3_app_py(self):
        process = subprocess.Popen(
            [sys.executable, "-B", "app.py"],
            cwd=Path(__file__).resolve().parent,
            env={**os.environ, "ISSUER": issuer["ISSUER"], "PORT": "0"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(stop, process)
        for line in process.stderr:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                break
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{found[0]}/api/protected", timeout=30)
        with refused.exception as answer:
            self.assertEqual(answer.code, 401)


if __name__ == "__main__":
    unittest.main()
