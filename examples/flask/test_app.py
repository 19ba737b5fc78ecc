"""The example against a running Latchkey: python3 -m unittest, in this folder."""

import base64
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import time
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import jwt
from cryptography.hazmat.primitives import serialization

import latchkey
from app import create_app
from latchkey import AccessTokens, ApiKeys, Requirement
from latchkey_service import OTHER, RESOURCE, Latchkey, free_port, new_key

KEYS = {kid: new_key() for kid in ("first", "second", "third")}


def setUpModule():
    global service, account, admin, introspection_key
    service = Latchkey()
    unittest.addModuleCleanup(service.close)
    service.write_ring(("first", KEYS["first"], True), ("second", KEYS["second"], False))
    service.start()
    account, admin = service.register(), service.create_admin()
    made = service.generate_key(service.sign_in(admin), ["token:introspect"])
    introspection_key = made["apiKey"]


def b64(data):
    if not isinstance(data, bytes):
        data = json.dumps(data, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Clock:
    """Stands still until it is told to move."""

    def __init__(self):
        self.now = time.time()

    def __call__(self):
        return self.now


class Case(unittest.TestCase):
    def setUp(self):
        self.app = create_app(service.url, RESOURCE, introspection_key=self.introspection_key())
        self.clock = Clock()
        self.app.extensions["latchkey_tokens"].keys._clock = self.clock
        self.client = self.app.test_client()

    def introspection_key(self):
        return None

    def get(self, path, token=None, **headers):
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.client.get(path, headers=headers)

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status_code, answer.json["code"]), (status, code))
        self.assertEqual(answer.mimetype, "application/problem+json")
        self.assertEqual(answer.json["error"], answer.json["title"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")


class Tokens(Case):
    def test_people_and_administrators(self):
        token, admin_token = service.sign_in(account, RESOURCE), service.sign_in(admin, RESOURCE)
        self.assertIn("userId", self.get("/api/protected", token).json)
        self.assertEqual(self.get("/api/admin", admin_token).json, {"message": "Admin data"})
        refused = self.get("/api/admin", token)
        self.assert_problem(refused, 403, "FORBIDDEN")
        self.assertIn('error="insufficient_scope"', refused.headers["WWW-Authenticate"])

    def test_a_machine(self):
        made = service.generate_key(service.sign_in(account))
        token = service.machine_token(made)
        self.assert_problem(self.get("/api/protected", token), 401, "TOKEN_INVALID")
        self.assert_problem(self.get("/api/admin", token), 403, "FORBIDDEN")
        self.assertEqual(self.get("/api/report", token).json, {"keyId": made["key"]["id"]})

    def test_a_route_for_machines(self):
        person = service.sign_in(account, RESOURCE)
        self.assert_problem(self.get("/api/report", person), 401, "TOKEN_INVALID")
        tokens = self.app.extensions["latchkey_tokens"]
        token = service.machine_token(service.generate_key(service.sign_in(account)))
        for accept in ("machines", "both"):
            self.assertNotIn("sid", tokens.verify(token, Requirement(accept=accept)))
        with self.assertRaises(latchkey.Problem) as refused:
            tokens.verify(token, Requirement(accept="machines", scopes=["data:delete"]))
        self.assertEqual(refused.exception.code, "INSUFFICIENT_SCOPE")
        self.assertIn('scope="data:delete"', refused.exception.headers["WWW-Authenticate"])

    def test_without_a_token(self):
        answer = self.get("/api/protected")
        self.assert_problem(answer, 401, "ACCESS_TOKEN_REQUIRED")
        self.assertEqual(answer.headers["WWW-Authenticate"], 'Bearer realm="latchkey"')
        self.assert_problem(self.get("/api/admin"), 401, "ACCESS_TOKEN_REQUIRED")
        basic = self.client.get("/api/protected", headers={"Authorization": "Basic eDp5"})
        self.assert_problem(basic, 401, "ACCESS_TOKEN_REQUIRED")

    def test_an_issuer_that_asks_to_wait(self):
        """Such as API Gateway, whose limits are for all callers together: no token is refused for that."""
        token = service.sign_in(account, RESOURCE)
        with mock.patch("latchkey.call", return_value=(429, {"Retry-After": "30"}, b"")) as asked:
            for _ in range(2):
                answer = self.get("/api/protected", token)
                self.assert_problem(answer, 503, "STORE_UNAVAILABLE")
                self.assertEqual(answer.headers["Retry-After"], "30")
            self.assertEqual(asked.call_count, 1)
        self.clock.now += 30
        self.assertEqual(self.get("/api/protected", token).status_code, 200)

    def test_odd_requests(self):
        self.assert_problem(self.get("/api/protected?access_token=x"), 400, "INVALID_REQUEST")
        self.assert_problem(self.get("/api/protected", "a,Bearer b"), 400, "INVALID_REQUEST")
        self.assert_problem(self.get("/nowhere"), 404, "NOT_FOUND")
        wrong = self.client.post("/api/protected")
        self.assert_problem(wrong, 405, "METHOD_NOT_ALLOWED")
        self.assertIn("GET", wrong.headers["Allow"])


class Forger(Case):
    def setUp(self):
        super().setUp()
        self.tokens = self.app.extensions["latchkey_tokens"]
        self.genuine = service.sign_in(account, RESOURCE)
        self.header = jwt.get_unverified_header(self.genuine)
        self.claims = jwt.decode(self.genuine, options={"verify_signature": False})
        self.assertEqual(self.get("/api/protected", self.genuine).status_code, 200)

    def forge(self, header=None, claims=None, key=None):
        """The genuine token with some members changed; None takes one away. Signed by our own key."""
        head = {k: v for k, v in {**self.header, **(header or {})}.items() if v is not None}
        body = {k: v for k, v in {**self.claims, **(claims or {})}.items() if v is not None}
        signed = f"{b64(head)}.{b64(body)}"
        algorithm = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
        return f"{signed}.{b64(algorithm.sign(signed.encode(), key or KEYS['first']))}"


class Attacks(Forger):
    def assert_refused(self, token, code="TOKEN_INVALID"):
        answer = self.get("/api/protected", token)
        self.assert_problem(answer, 401, code)
        self.assertIn('error="invalid_token"', answer.headers["WWW-Authenticate"])

    def test_the_forger_can_forge(self):
        self.assertEqual(self.get("/api/protected", self.forge()).status_code, 200)

    def test_tokens_for_others(self):
        with self.assertNoLogs("latchkey", "WARNING"):
            self.assert_refused(service.sign_in(account, OTHER))
        with self.assertLogs("latchkey", "WARNING") as logs:
            self.assert_refused(service.sign_in(account))
        self.assertIn("this app sends us Latchkey's own token", logs.output[0])

    def test_migration(self):
        before = service.sign_in(account)
        for _ in range(2):
            with self.assertLogs("latchkey", "WARNING") as logs:
                tokens = AccessTokens(service.url, RESOURCE, legacy_audience="latchkey")
            self.assertIn("legacy_audience is set", logs.output[0])
        self.assertEqual(tokens.verify(before)["aud"], "latchkey")
        self.assertEqual(tokens.verify(self.genuine)["aud"], RESOURCE)

    def test_a_resource_that_is_none(self):
        for resource in ("latchkey", service.url, f"{service.url}/orders"):
            with self.assertRaises(ValueError):
                AccessTokens(service.url, resource)

    def test_wrong_audience(self):
        self.assert_refused(self.forge(claims={"aud": [RESOURCE]}))
        self.assert_refused(self.forge(claims={"aud": "another-api"}))
        self.assert_refused(self.forge(claims={"aud": None}))

    def test_wrong_issuer(self):
        self.assert_refused(self.forge(claims={"iss": "https://evil.example.com"}))
        self.assert_refused(self.forge(claims={"iss": service.url + "/"}))

    def test_expired(self):
        now = int(time.time())
        self.assert_refused(self.forge(claims={"iat": now - 900, "exp": now - 10}), "TOKEN_EXPIRED")
        self.assert_refused(self.forge(claims={"exp": None}))

    def test_of_the_future(self):
        self.assert_refused(self.forge(claims={"iat": int(time.time()) + 60}))

    def test_hs256_by_the_public_key(self):
        public = KEYS["first"].public_key()
        encodings = serialization.Encoding, serialization.PublicFormat
        pem = public.public_bytes(encodings[0].PEM, encodings[1].SubjectPublicKeyInfo)
        for secret in (pem, pem.rstrip(b"\n")):
            signed = f"{b64({**self.header, 'alg': 'HS256'})}.{b64(self.claims)}"
            tag = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
            self.assert_refused(f"{signed}.{b64(tag)}")

    def test_no_algorithm(self):
        for none in ("none", "None", "NONE"):
            signed = f"{b64({**self.header, 'alg': none})}.{b64(self.claims)}"
            self.assert_refused(f"{signed}.")
            self.assert_refused(f"{signed}.{self.genuine.split('.')[2]}")

    def test_another_type(self):
        for typ in ("JWT", "at+JWT+x", None):
            self.assert_refused(self.forge(header={"typ": typ}))

    def test_an_id_token(self):
        claims = {"nonce": "n", "email": "ada@example.com", "client_id": None, "aud": "latchkey"}
        self.assert_refused(self.forge(header={"typ": "JWT"}, claims=claims))
        self.assert_refused(self.forge(claims=claims))

    def test_an_app_of_others(self):
        token = self.forge(claims={"scope": "data:read", "role": None})
        refused = self.get("/api/protected", token)
        self.assert_problem(refused, 403, "INSUFFICIENT_SCOPE")
        self.assertIn('scope="user"', refused.headers["WWW-Authenticate"])
        self.tokens.verify(token, Requirement(scopes=["data:read"]))

    def test_a_foreign_key(self):
        foreign = new_key()
        self.assert_refused(self.forge(key=foreign))
        self.assert_refused(self.forge(header={"jku": "https://evil.example.com"}, key=foreign))

    def test_what_is_no_token(self):
        for nonsense in ("x", "a.b.c", "..", self.genuine[:-4], self.genuine + "AAAA"):
            self.assert_refused(nonsense)

    def test_unknown_key_ids_ask_the_issuer_no_more_than_every_10_seconds(self):
        with mock.patch("latchkey.call", wraps=latchkey.call) as asked:
            for i in range(20):
                self.assert_refused(self.forge(header={"kid": f"kid-{i}"}))
            self.assertEqual(asked.call_count, 0, "the keys were read a moment ago")
            self.clock.now += 11
            for i in range(20):
                self.assert_refused(self.forge(header={"kid": f"kid-{i}"}))
            self.assertEqual(asked.call_count, 1)
            self.assertEqual(self.get("/api/protected", self.genuine).status_code, 200)
            self.assertEqual(asked.call_count, 1)


class Authentication(Forger):
    """RFC 9470: a route that asks for a stronger or fresher sign-in."""

    def refund(self, **claims):
        token = self.forge(claims=claims)
        return self.client.post("/api/refunds", headers={"Authorization": f"Bearer {token}"})

    def test_strong_and_fresh(self):
        answer = self.refund(acr="urn:latchkey:2", auth_time=int(time.time()) - 290)
        self.assertEqual(answer.json, {"message": "Refunded"})

    def test_too_weak_too_old_or_unsaid(self):
        strong, now = "urn:latchkey:2", int(time.time())
        for acr, auth_time in (
            ("urn:latchkey:1", now),
            ("urn:latchkey:3", now),
            (None, now),
            (strong, now - 301),
            (strong, None),
            (strong, str(now)),
        ):
            with self.subTest(acr=acr, auth_time=auth_time):
                answer = self.refund(acr=acr, auth_time=auth_time)
                self.assert_problem(answer, 401, "AUTHENTICATION_INSUFFICIENT")
        self.assertEqual(
            answer.headers["WWW-Authenticate"],
            'Bearer realm="latchkey", error="insufficient_user_authentication", '
            'error_description="A stronger or more recent sign-in is required", '
            'acr_values="urn:latchkey:2", max_age="300"',
        )
        self.assertEqual((answer.json["acrValues"], answer.json["maxAge"]), ([strong], 300))

    def test_a_machine_has_no_sign_in(self):
        signed_in = {"sid": None, "acr": "urn:latchkey:2", "auth_time": int(time.time())}
        self.assert_problem(self.refund(**signed_in), 401, "TOKEN_INVALID")
        token = self.forge(claims=signed_in)
        for asked in ({"acr_values": ["urn:latchkey:1"]}, {"max_age": 300}):
            with self.assertRaises(latchkey.Problem) as refused:
                self.tokens.verify(token, Requirement(accept="both", **asked))
            self.assertEqual(refused.exception.code, "AUTHENTICATION_INSUFFICIENT")

    def test_a_stronger_level_does_for_a_weaker_one(self):
        token = self.forge(claims={"acr": "urn:latchkey:2"})
        self.tokens.verify(token, Requirement(acr_values=["urn:latchkey:1"]))

    def test_what_can_not_be_asked_stops_the_start(self):
        for asked in (
            {"accept": "everybody"},
            {"scopes": "data:read"},
            {"acr_values": []},
            {"acr_values": "urn:latchkey:2"},
            {"acr_values": ['"']},
            {"acr_values": ["a b"]},
            {"max_age": -1},
            {"max_age": "300"},
            {"max_age": True},
            {"accept": "machines", "max_age": 300},
        ):
            with self.subTest(asked), self.assertRaises(ValueError):
                Requirement(**asked)
        with self.assertRaises(TypeError):
            Requirement(maxAge=300)


class Login(Case):
    def login(self, body):
        return self.client.post("/api/auth/login", json=body)

    def test_answers_as_the_contract_says(self):
        answer = self.login(account)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json["tokenType"], "Bearer")
        self.assertEqual(answer.json["expiresIn"], 900)
        self.assertEqual(answer.json["user"]["email"], account["email"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(self.get("/api/protected", answer.json["accessToken"]).status_code, 200)

    def test_wrong_password(self):
        answer = self.login({**account, "password": "wrong"})
        self.assert_problem(answer, 401, "INVALID_CREDENTIALS")

    def test_what_is_missing(self):
        self.assert_problem(self.login({}), 400, "VALIDATION_FAILED")
        self.assert_problem(self.login([]), 400, "VALIDATION_FAILED")
        nonsense = self.client.post("/api/auth/login", data="{", content_type="application/json")
        self.assert_problem(nonsense, 400, "BAD_REQUEST")

    def test_cookies_stay_at_the_issuer(self):
        answer = self.login({**account, "useCookies": True})
        self.assertIn("accessToken", answer.json)
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_too_many(self):
        guessed = service.register()
        answers = [self.login({**guessed, "password": "wrong"}) for _ in range(11)]
        self.assert_problem(answers[-1], 429, "RATE_LIMITED")
        self.assertGreater(int(answers[-1].headers["Retry-After"]), 0)

    def test_an_issuer_that_hangs_or_is_away(self):
        with socket.create_server(("127.0.0.1", 0)) as silent, mock.patch("login.TIMEOUT", 0.2):
            port = silent.getsockname()[1]
            hanging = create_app(f"http://127.0.0.1:{port}", RESOURCE).test_client()
            answer = hanging.post("/api/auth/login", json=account)
        self.assert_problem(answer, 503, "STORE_UNAVAILABLE")
        self.assertGreater(int(answer.headers["Retry-After"]), 0)


class Keys(Case):
    def introspection_key(self):
        return introspection_key

    def setUp(self):
        super().setUp()
        self.token = service.sign_in(account)
        self.keys = self.app.extensions["latchkey_api_keys"]
        self.keys._clock = self.clock

    def generate(self, scopes, **settings):
        return service.generate_key(self.token, scopes, **settings)

    def change(self, made, **changes):
        service.patch(f"/api/apikeys/{made['key']['id']}", changes, self.token)

    def data(self, key):
        return self.get("/api/data", **{"x-api-key": key})

    def tearDown(self):
        for key in json.loads(self.fetch("/api/apikeys"))["keys"]:
            self.fetch(f"/api/apikeys/{key['id']}", "DELETE")

    def fetch(self, path, method="GET"):
        headers = {"authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(service.url + path, None, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.read()

    def test_good_and_bad_keys(self):
        made = self.generate(["data:read"])
        self.assertEqual(self.data(made["apiKey"]).json, {"data": {"keyId": made["key"]["id"]}})
        self.assert_problem(self.get("/api/data"), 401, "API_KEY_REQUIRED")
        self.assert_problem(self.data("nonsense"), 401, "API_KEY_INVALID")
        self.assert_problem(self.data(made["apiKey"][:-1] + "0"), 401, "API_KEY_INVALID")
        writer = self.generate(["data:write"])
        self.assert_problem(self.data(writer["apiKey"]), 403, "INSUFFICIENT_SCOPE")
        walled = self.generate(["data:read"], allowedCidrs=["192.0.2.0/24"])
        self.assert_problem(self.data(walled["apiKey"]), 403, "ADDRESS_NOT_ALLOWED")
        near = self.generate(["data:read"], allowedCidrs=["127.0.0.0/8"])
        self.assertEqual(self.data(near["apiKey"]).status_code, 200)

    def test_a_burst_asks_once_and_a_revoked_key_works_for_30_seconds(self):
        made = self.generate(["data:read"])
        with mock.patch("latchkey.call", wraps=latchkey.call) as asked:
            with ThreadPoolExecutor(8) as pool:
                statuses = list(
                    pool.map(
                        lambda _: self.app.test_client()
                        .get("/api/data", headers={"x-api-key": made["apiKey"]})
                        .status_code,
                        range(24),
                    )
                )
            self.assertEqual(statuses, [200] * 24)
            self.assertEqual(asked.call_count, 1)
            self.change(made, status="disabled")
            self.assertEqual(self.data(made["apiKey"]).status_code, 200)
            self.clock.now += 30
            self.assert_problem(self.data(made["apiKey"]), 401, "API_KEY_DISABLED")
            self.change(made, status="active")
            self.assertEqual(self.data(made["apiKey"]).status_code, 401)
            self.clock.now += 10
            self.assertEqual(self.data(made["apiKey"]).status_code, 200)
            self.assertEqual(asked.call_count, 3)

    def test_never_past_its_end(self):
        made = self.generate(["data:read"])
        answer = {"active": True, "token_type": "api_key", "client_id": "c", "scope": "data:read"}
        body = json.dumps({**answer, "exp": self.clock.now + 5}).encode()
        with mock.patch("latchkey.call", return_value=(200, {}, body)) as asked:
            self.data(made["apiKey"])
            self.clock.now += 5
            self.data(made["apiKey"])
            self.assertEqual(asked.call_count, 2)

    def test_fails_closed(self):
        made = self.generate(["data:read"])
        plain = create_app(service.url, RESOURCE, introspection_key=made["apiKey"]).test_client()
        answer = plain.get("/api/data", headers={"x-api-key": made["apiKey"]})
        self.assert_problem(answer, 503, "STORE_UNAVAILABLE")
        for body in (b"<html>", b"{}", b'{"active":true,"token_type":"Bearer"}', b"[]"):
            with mock.patch("latchkey.call", return_value=(200, {}, body)):
                self.assert_problem(self.data(made["apiKey"]), 503, "STORE_UNAVAILABLE")
        with mock.patch("latchkey.call", return_value=(429, {"Retry-After": "7"}, b"")):
            self.assertEqual(self.data(made["apiKey"]).headers["Retry-After"], "7")
        self.assertEqual(self.data(made["apiKey"]).status_code, 200, "nothing of it is remembered")

    def test_a_wrong_introspection_key_stops_the_start(self):
        with self.assertRaises(ValueError):
            ApiKeys(service.url, "nonsense")


class Rotation(Case):
    """Moves the service to other keys: what forges with the first one comes before it, by name."""

    def test_rotated_keys(self):
        first = service.sign_in(account, RESOURCE)
        self.assertEqual(jwt.get_unverified_header(first)["kid"], "first")
        with mock.patch("latchkey.call", wraps=latchkey.call) as asked:
            self.assertEqual(self.get("/api/protected", first).status_code, 200)

            service.stop()
            self.clock.now += 2 * 3600
            with self.subTest("while the issuer is away, known keys serve on"):
                self.assertEqual(self.get("/api/protected", first).status_code, 200)
            with self.subTest("and unknown ones are not refused, but 503"):
                header = {"typ": "at+jwt", "kid": "third"}
                unknown = jwt.encode({}, KEYS["third"], "RS256", header)
                for _ in range(2):
                    answer = self.get("/api/protected", unknown)
                    self.assert_problem(answer, 503, "STORE_UNAVAILABLE")
                    self.assertIn("Retry-After", answer.headers)

            service.write_ring(
                ("first", KEYS["first"], True),
                ("second", KEYS["second"], True),
                ("third", KEYS["third"], False),
            )
            service.start()
            asked.reset_mock()
            second = service.sign_in(account, RESOURCE)
            self.assertEqual(jwt.get_unverified_header(second)["kid"], "second")
            with self.subTest("the next key was published before it signs"):
                for token in (first, second):
                    self.assertEqual(self.get("/api/protected", token).status_code, 200)
                self.assertEqual(asked.call_count, 0)

            service.stop()
            service.write_ring(("second", KEYS["second"], True), ("third", KEYS["third"], True))
            service.start()
            third = service.sign_in(account, RESOURCE)
            self.clock.now += 11
            with self.subTest("a key that is not known makes it look again"):
                for token in (second, third):
                    self.assertEqual(self.get("/api/protected", token).status_code, 200)
                self.assertEqual(asked.call_count, 1)
            with self.subTest("a key that is gone is gone within the hour"):
                self.clock.now += 3600
                self.assert_problem(self.get("/api/protected", first), 401, "TOKEN_INVALID")


class OneCommand(unittest.TestCase):
    def test_python3_app_py(self):
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=os.path.dirname(os.path.abspath(__file__)),
            env={**os.environ, "ISSUER": service.url, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            for line in process.stderr:
                if f"127.0.0.1:{port}" in line:
                    break
            headers = {"authorization": f"Bearer {service.sign_in(account, RESOURCE)}"}
            request = urllib.request.Request(f"http://127.0.0.1:{port}/api/protected", None, headers)
            with urllib.request.urlopen(request, timeout=30) as answer:
                self.assertIn("userId", json.load(answer))
        finally:
            process.terminate()
            process.communicate(timeout=30)


if __name__ == "__main__":
    unittest.main()
