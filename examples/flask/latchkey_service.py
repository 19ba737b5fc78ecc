"""Latchkey itself, for the tests: `npm start` on a key ring and a data folder that the test has made."""

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

REPOSITORY = Path(__file__).resolve().parents[2]
HOUR_MS = 3_600_000
RESOURCE = "http://localhost:5000"
"""What Latchkey calls the example."""
OTHER = "https://billing.example.com"
START_TIMEOUT = 60


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def drain(stream):
    with stream:
        stream.read()


class Latchkey:
    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._data = Path(self._folder.name)
        (self._data / "keyring").mkdir(mode=0o700)
        self._port = free_port()
        self.url = f"http://localhost:{self._port}"
        self._process = None
        self._refresh = {
            "id": secrets.token_hex(4),
            "secret": secrets.token_urlsafe(32),
            "publishedAt": 0,
            "usedFrom": 0,
        }

    def write_ring(self, *keys):
        """The next revision of the key ring: (kid, private key, whether it signs already), oldest first."""
        now = int(time.time() * 1000)
        signing = [
            {
                "kid": kid,
                "privateKey": pem(key),
                "publishedAt": now - 3 * HOUR_MS,
                # A moment ago, so that tokens of the key before it are still good.
                "signsFrom": now - 1000 if signs else now + HOUR_MS,
            }
            for kid, key, signs in keys
        ]
        folder = self._data / "keyring"
        revision = 1 + max((int(path.stem) for path in folder.glob("*.json")), default=0)
        path = folder / f"{revision}.json"
        path.write_text(json.dumps({"signing": signing, "refresh": [self._refresh]}))
        path.chmod(0o600)

    @property
    def _environment(self):
        return {
            **os.environ,
            "PORT": str(self._port),
            "DATA_DIR": str(self._data),
            "RATE_LIMIT_PER_ADDRESS": "100000",
            "VERIFICATION_CACHE_SECONDS": "0",
            "RESOURCES": json.dumps({RESOURCE: {"scopes": {"data:read": []}}, OTHER: {}}),
            "LOG_LEVEL": "error",
        }

    def start(self):
        self._process = subprocess.Popen(
            ["npm", "--silent", "start"],
            cwd=REPOSITORY,
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        timer = threading.Timer(START_TIMEOUT, self.stop)
        timer.start()
        for line in self._process.stdout:
            if re.search(r"https?://", line):
                break
        else:
            raise RuntimeError("Latchkey did not start")
        timer.cancel()
        threading.Thread(target=drain, args=(self._process.stdout,), daemon=True).start()

    def stop(self):
        process, self._process = self._process, None
        if process:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)

    def close(self):
        self.stop()
        self._folder.cleanup()

    def post(self, path, body, token=None):
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def patch(self, path, body, token):
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method="PATCH")
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def register(self):
        account = {
            "email": f"user-{secrets.token_hex(8)}@example.com",
            "password": secrets.token_urlsafe(24),
        }
        self.post("/api/auth/register", account)
        return account

    def create_admin(self):
        """By the administrators' command line, as the README has it."""
        account = {
            "email": f"admin-{secrets.token_hex(8)}@example.com",
            "password": secrets.token_urlsafe(24),
        }
        subprocess.run(
            ["npm", "--silent", "run", "admin", "--", "create", account["email"]],
            cwd=REPOSITORY,
            env=self._environment,
            input=account["password"] + "\n",
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        # The password of the command line is for the first sign-in alone, which replaces it.
        chosen = secrets.token_urlsafe(24)
        self.post("/api/auth/login", {**account, "newPassword": chosen})
        return {**account, "password": chosen}

    def generate_key(self, token, scopes=("data:read",), **settings):
        body = {"name": "k", "scopes": list(scopes), **settings}
        return self.post("/api/apikeys/generate", body, token)

    def machine_token(self, made):
        """What a key is swapped for (RFC 6749 §4.4)."""
        form = {
            "grant_type": "client_credentials",
            "client_id": made["key"]["id"],
            "client_secret": made["apiKey"],
        }
        return self.post("/oauth/token", form)["access_token"]

    def sign_in(self, account, resource=None):
        """:returns: a token for one API; without `resource` Latchkey's own."""
        wanted = {"resource": resource} if resource else {}
        return self.post("/api/auth/login", {**account, **wanted})["accessToken"]
