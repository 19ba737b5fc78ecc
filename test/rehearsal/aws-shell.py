"""Runs a shell script in which `aws` is as much of the AWS CLI as docs/runbook.md needs, and ends with its exit code.

It is made of the botocore that the emulator brings along; the AWS CLI would ask for another one. One process answers
all calls: to start Python for each takes longer than the call.

Knows `aws <service> <operation> --<member> <value>... [--query <JMESPath>] [--output json|text] [--region <name>]`. A
value is a word, several words, or `Name=a,Value=b`.
"""

import datetime
import functools
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import botocore.session
import jmespath
from botocore import xform_name

FUNCTION = """
aws() { printf '%s\\0' "$@" | curl --silent --show-error --fail-with-body --data-binary @- "$AWS_SHELL"; }
"""

session = botocore.session.get_session()


@functools.cache
def client_of(service, region):
    return session.create_client(service, region_name=region)


def options_of(words):
    options = {}
    values = None
    for word in words:
        if word.startswith("--"):
            values = options[word[2:]] = []
        elif values is None:
            raise ValueError(f"{word} belongs to no option")
        else:
            values.append(word)
    return options


def value_of(shape, words):
    if shape.type_name == "list":
        return [value_of(shape.member, [word]) for word in words]
    if len(words) != 1:
        raise ValueError(f"a {shape.type_name} takes one word, not {words}")
    [word] = words
    if shape.type_name == "structure":
        return dict(pair.split("=", 1) for pair in word.split(","))
    return int(word) if shape.type_name in ("integer", "long") else word


def text_of(value):
    if isinstance(value, dict):
        return text_of(list(value.values()))
    if not isinstance(value, list):
        return str(value)
    if any(isinstance(item, (list, dict)) for item in value):
        return "\n".join(text for text in map(text_of, value) if text)
    return "\t".join(map(str, value))


def plain(value):
    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)


def answer_of(service, operation, *words):
    options = options_of(words)
    query, output, region = (options.pop(name, [None])[0] for name in ("query", "output", "region"))
    client = client_of(service, region or os.environ["AWS_REGION"])
    method = operation.replace("-", "_")
    name = client.meta.method_to_api_mapping[method]
    shape = client.meta.service_model.operation_model(name).input_shape
    members = {xform_name(member, "-"): member for member in shape.members} if shape else {}
    arguments = {
        members[option]: value_of(shape.members[members[option]], values)
        for option, values in options.items()
    }
    if client.can_paginate(method):
        answer = client.get_paginator(method).paginate(**arguments).build_full_result()
    else:
        answer = getattr(client, method)(**arguments)
        answer.pop("ResponseMetadata", None)
    answer = json.loads(json.dumps(answer, default=plain))
    found = answer if query is None else jmespath.search(query, answer)
    return text_of(found) if output == "text" else json.dumps(found, indent=2)


class Calls(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        try:
            status, said = 200, answer_of(*body.split("\0")[:-1])
        except Exception as error:
            status, said = 400, f"aws: {error!r}"
        self.send_response(status)
        self.end_headers()
        self.wfile.write(f"{said}\n".encode() if said else b"")

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Calls)
threading.Thread(target=server.serve_forever, daemon=True).start()
env = {**os.environ, "AWS_SHELL": f"http://127.0.0.1:{server.server_port}"}
sys.exit(subprocess.run(["sh", "-euc", FUNCTION + sys.stdin.read()], env=env).returncode)
