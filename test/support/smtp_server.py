"""A mail server over TLS that is not ours (Debian's python3-aiosmtpd): prints its port, then each mail as JSON."""

import asyncio
import json
import ssl
import sys
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult


class Printer:
    async def handle_DATA(self, _server, _session, envelope):
        mail = message_from_bytes(envelope.original_content, policy=default)
        bodies = {part: mail.get_body((part,)) for part in ("plain", "html")}
        said = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name.lower(), str(value)] for name, value in mail.items()],
            "addresses": [[a.display_name, a.addr_spec] for a in mail["from"].addresses + mail["to"].addresses],
            "defects": [type(defect).__name__ for defect in mail.defects],
            **{part: body and body.get_content() for part, body in bodies.items()},
        }
        print(json.dumps(said), flush=True)
        return "250 OK"


def check(_server, _session, _envelope, _mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"latchkey", b"p@ss word"))


async def serve(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def connection():
        # The connection is encrypted from its first byte, which aiosmtpd does not know.
        return SMTP(Printer(), authenticator=check, auth_required=True, auth_require_tls=False, hostname="localhost")

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve(*sys.argv[1:3]))
