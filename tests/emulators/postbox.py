"""A mail server on this machine: keeps what it is sent, answers as it is told, speaks STARTTLS with a certificate of its own."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import socket
import socketserver
import ssl
import threading
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Got:
    """One letter as it came over the line."""

    sender: str
    to: list[str]
    data: bytes
    safe: bool
    login: tuple[str, str] | None = None


@dataclass
class Postbox:
    """`refuse`: answers by command ("AUTH", "RCPT", "DATA"), each used once. `heard`: (command, whether the line was safe)."""

    login: tuple[str, str] = ("studio", "s3cret-mail")
    port: int = 0
    certificate: str = ""  # a PEM file with key, for STARTTLS; empty: none is offered
    got: list[Got] = field(default_factory=list)
    heard: list[tuple[str, bool]] = field(default_factory=list)
    refuse: dict[str, list[str]] = field(default_factory=dict)

    def __enter__(self):
        box = self

        class Talk(socketserver.StreamRequestHandler):
            timeout = 10

            def handle(self):
                box.talk(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

        self.server = Server(("127.0.0.1", self.port), Talk)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def talk(self, line):
        safe, login, sender, to = False, None, "", []
        read, write = line.rfile, line.wfile

        def say(words):
            write.write(f"{words}\r\n".encode())
            write.flush()

        say("220 postbox")
        while raw := read.readline(2000):
            said = raw.decode("ascii", "replace").strip()
            command = said[:4].upper()
            self.heard.append((command, safe))
            if self.refuse.get(command):
                say(self.refuse[command].pop(0))
            elif command == "EHLO":
                offers = ["postbox", "AUTH PLAIN", *(["STARTTLS"] if self.certificate and not safe else []), "8BITMIME"]
                for n, offer in enumerate(offers, 1):
                    say(f"250{' ' if n == len(offers) else '-'}{offer}")
            elif command == "STAR":
                say("220 go on")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.certificate)
                try:
                    secured = context.wrap_socket(line.connection, server_side=True)
                except (ssl.SSLError, OSError):
                    return
                read, write, safe = secured.makefile("rb"), secured.makefile("wb"), True
            elif command == "AUTH":
                given = base64.b64decode(said.split()[2]).decode().split("\0")[1:]
                login = tuple(given)
                say("235 come in" if login == self.login else "535 wrong name or password")
            elif command in {"MAIL", "RCPT"}:
                address = said.partition(":")[2].partition(" ")[0].strip("<>")
                sender, to = (address, []) if command == "MAIL" else (sender, [*to, address])
                say("250 ok")
            elif command == "DATA":
                say("354 go on")
                lines = []
                while (part := read.readline()) not in {b".\r\n", b""}:
                    lines.append(part[1:] if part.startswith(b"..") else part)
                self.got.append(Got(sender, to, b"".join(lines), safe, login))
                say("250 kept")
            elif command == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


def certificate(folder, name="localhost"):
    """A PEM file with a key and a certificate that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "postbox.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return str(file)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
