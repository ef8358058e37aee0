"""The way out: connections go where they were judged, deadlines hold for all, keys stay at home, and an error knows whether anything left."""

import asyncio
import contextlib
import gzip
import socket
import ssl
import threading
import time
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from studio.providers.answer import retry_after
from studio.providers.base import ProviderError
from studio.providers.egress import Gate, Unresolved
from studio.providers.http import Door, _read

KEY = "Bearer Canary-7f3a-never-to-be-seen"
SLASHED = "canary/7f3a/never+to+be+seen"


@pytest.fixture
def house():
    """A server on loopback under any name. Notes host headers, ports of the callers, and whether a key came."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            seen.append(
                (self.headers["host"], self.client_address[1], self.headers.get("authorization"), raw, self.path)
            )
            body, head = b'{"ok":1}', {}
            status = {"/moved": 302, "/login": 302, "/busy": 429}.get(self.path, 200)
            if self.path == "/moved":
                head["location"] = "http://127.0.0.2/v1"
            if self.path == "/packed":
                body, head = gzip.compress(body), {"content-encoding": "gzip"}
            if self.path == "/brotli":
                head["content-encoding"] = "br"
            if self.path == "/torn":
                body, head = gzip.compress(body * 9)[:-9], {"content-encoding": "gzip"}
            if self.path == "/escaped":
                body = f'{{"said":"{SLASHED.replace("/", chr(92) + "/")}"}}'.encode()
            if self.path == "/garbled":
                head[f"no header {KEY}"] = "x"
            if self.path == "/login":
                head["location"] = f"https://{KEY.split()[1]}.example/?key={KEY}"
            if self.path == "/big":
                body, head = gzip.compress(bytes(90 * 1024 * 1024), 1), {"content-encoding": "gzip"}
            self.send_response(status)
            for name, value in head.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body) + (100 if self.path == "/busy" else 0)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = self.path == "/busy"

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_port, seen
    server.shutdown()
    server.server_close()


def resolver(*rounds):
    """Answers one round after the other, and the last for ever. `asked` holds the names."""
    left = list(rounds)

    async def answer(host, port):
        answer.asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return found

    answer.asked = []
    return answer


def calls(door, *urls, **more):
    async def go():
        try:
            return [await door.call("POST", url, body={"a": 1}, **more) for url in urls]
        finally:
            await door.aclose()

    return asyncio.run(go())


def fails(door, url, **more):
    with pytest.raises(ProviderError) as caught:
        calls(door, url, **more)
    return caught.value


def test_it_connects_to_the_judged_address_under_the_hosts_own_name(house):
    port, seen = house
    base = f"http://gateway.internal:{port}"
    names = resolver(["127.0.0.1"])
    answers = calls(Door(Gate(base, resolver=names), {"authorization": KEY}), base + "/v1", base + "/v1")
    assert [answer.data for answer in answers] == [{"ok": 1}] * 2
    assert [one[0] for one in seen] == [f"gateway.internal:{port}"] * 2
    assert seen[0][3] == b'{"a":1}'
    assert len({one[1] for one in seen}) == 1  # one connection for both
    assert names.asked == ["gateway.internal"]


def test_it_goes_to_the_next_address_where_the_first_does_not_answer(house):
    port, _ = house
    base = f"http://gateway.internal:{port}"
    assert calls(Door(Gate(base, resolver=resolver(["127.0.0.9", "127.0.0.1"]))), base + "/v1")[0].status == 200


def test_it_judges_at_the_moment_of_connecting_so_that_rebinding_gains_nothing(house):
    port, seen = house
    names = resolver(["93.184.216.34"], ["127.0.0.1"])
    gate = Gate("https://api.example", ("pictures.example",), names)

    async def go():
        await gate.check(f"https://pictures.example:{port}/a")  # somebody looked before: a good address
        await Door(gate).download(f"https://pictures.example:{port}/a")

    with pytest.raises(ProviderError) as caught:
        asyncio.run(go())
    assert caught.value.kind == "refused_address"
    assert names.asked == ["pictures.example"] * 2
    assert seen == []


@pytest.mark.parametrize("base", ["http://127.0.0.1:{}", "http://localhost:{}"])
def test_it_sends_the_key_to_its_own_base_only(house, base):
    port, seen = house
    door = Door(Gate("https://api.example", (".example",), resolver(["93.184.216.34"])), {"authorization": KEY})
    for url in (
        base.format(port) + "/v1",
        "https://pictures.example/v1",
        "http://api.example/v1",
        "https://api.example:8443/v1",
    ):
        error = fails(door, url)
        assert (error.kind, error.charged) == ("refused_address", False)
    assert seen == []


def test_it_follows_no_redirect_with_a_key(house):
    port, seen = house
    base = f"http://127.0.0.1:{port}"
    error = fails(Door(Gate(base), {"authorization": KEY}), base + "/moved")
    assert (error.kind, error.charged, error.permanent) == ("invalid", False, True)
    assert len(seen) == 1


@pytest.mark.parametrize("path", ["/login", "/garbled"])
def test_it_repeats_no_key_from_what_a_service_says_besides_its_answer(house, path):
    port, _ = house
    base = f"http://127.0.0.1:{port}"
    error = fails(Door(Gate(base), {"authorization": KEY}), base + path)
    assert "[key]" in error.details
    assert KEY.split()[1].lower() not in f"{error.details} {error.__cause__!r}".lower()


def test_it_knows_its_key_however_an_answer_spells_it(house):
    port, _ = house
    base = f"http://127.0.0.1:{port}"
    (answer,) = calls(Door(Gate(base), {"authorization": f"Bearer {SLASHED}"}), base + "/escaped")
    assert answer.data == {"said": "[key]"}


def test_it_names_no_host_that_is_its_key():
    door = Door(Gate("https://api.example", resolver=resolver(["127.0.0.1"])), {"authorization": KEY})
    with pytest.raises(ProviderError) as caught:
        asyncio.run(door.download(f"https://{KEY.split()[1]}.example/a.png"))
    assert caught.value.details == "This account does not fetch from [key].example."


def test_it_takes_no_proxy_and_no_password_from_the_environment(house, monkeypatch, tmp_path):
    port, seen = house
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    base = f"http://127.0.0.1:{port}"
    assert calls(Door(Gate(base), {"authorization": KEY}), base + "/v1")[0].status == 200
    assert seen[0][2] == KEY


def test_it_knows_that_nothing_left_where_a_name_leads_nowhere():
    door = Door(Gate("https://api.example", resolver=resolver(OSError("no such name"))))
    error = fails(door, "https://api.example/v1")
    assert (error.kind, error.charged, error.permanent) == ("unreachable", False, False)
    with pytest.raises(Unresolved):
        asyncio.run(Gate("https://api.example", resolver=resolver([])).check("https://api.example/v1"))
    with pytest.raises(Unresolved):
        asyncio.run(Gate("https://api.example", resolver=resolver(UnicodeError())).check("https://api.example/v1"))


def test_it_counts_the_look_up_in_the_deadline_and_knows_that_nothing_left():
    async def sleepy(host, port):
        await asyncio.sleep(30)
        return ["93.184.216.34"]

    begun = time.monotonic()
    error = fails(Door(Gate("https://api.example", resolver=sleepy)), "https://api.example/v1", deadline=0.1)
    assert time.monotonic() - begun < 25
    assert (error.kind, error.charged) == ("unreachable", False)


def test_each_part_of_a_call_has_its_own_time(monkeypatch):
    told = []

    async def sent(self, request):
        told.append(request.extensions["timeout"])
        raise httpcore.ConnectError("not from here")

    monkeypatch.setattr(httpcore.AsyncConnectionPool, "handle_async_request", sent)
    door = Door(Gate("https://api.example", ("pictures.example",)))
    fails(door, "https://api.example/v1", deadline=150)  # an answer may be silent until its own deadline
    with pytest.raises(ProviderError):
        asyncio.run(Door(door.gate).download("https://pictures.example/a"))
    parts = {"connect": 10.0, "write": 60.0, "pool": 30.0}
    assert told == [{**parts, "read": 150}, {**parts, "read": 30.0}]


def test_it_knows_that_nothing_left_where_nobody_takes_the_call():
    with socket.socket() as deaf:  # the queue is full and nobody accepts
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        held = [socket.socket() for _ in range(4)]
        for one in held:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        base = f"http://127.0.0.1:{port}"
        error = fails(Door(Gate(base)), base, deadline=0.3)
        for one in held:
            one.close()
    assert (error.kind, error.charged) == ("unreachable", False)


def test_it_measures_what_is_unpacked(house):
    port, _ = house
    base = f"http://127.0.0.1:{port}"
    assert calls(Door(Gate(base)), base + "/packed")[0].data == {"ok": 1}
    assert "more than 80 MB" in fails(Door(Gate(base)), base + "/big").details
    for path in ("/big", "/brotli", "/torn"):
        assert fails(Door(Gate(base)), base + path).kind == "unknown_outcome"


class Told:
    """A response whose packed body is followed by so many bytes of something else."""

    headers: ClassVar = {"content-encoding": "gzip"}

    def __init__(self, tail):
        self.tail = tail

    async def aiter_raw(self):
        yield gzip.compress(b"all of it")
        for _ in range(self.tail):
            yield b"x"


def test_it_measures_what_follows_the_end_of_a_packed_body_and_keeps_none_of_it():
    assert asyncio.run(_read(Told(50), 60)) == b"all of it"
    with pytest.raises(ProviderError) as caught:
        asyncio.run(_read(Told(500), 60))
    assert caught.value.kind == "too_large"


def test_it_believes_a_refusal_whose_body_did_not_arrive(house):
    port, _ = house
    base = f"http://127.0.0.1:{port}"
    (answer,) = calls(Door(Gate(base)), base + "/busy")
    assert (answer.status, answer.body, answer.data) == (429, b"", None)


@pytest.mark.parametrize(
    ("word", "seconds"),
    [("7", 7), (" 0.5 ", 0.5), ("-3", 0), ("1e9", 3600), ("inf", 3600), ("nan", None), ("", None), ("soon", None), ("Wed, 99 Foo 2026", None),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("Wed, 21 Oct 2015 07:28:00", None)],
)  # fmt: skip
def test_it_reads_when_to_come_again(word, seconds):
    assert retry_after(word) == seconds


def test_it_reads_a_date_to_come_again():
    assert retry_after(format_datetime(timezone.now() + timedelta(seconds=90))) == pytest.approx(90, abs=30)


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1",
        "https://api.example:0x50/",
        "https://api.example/\x00",
        "https://api.example\\@evil.test/",
        "ftp://api.example/",
    ],
)
def test_it_takes_no_address_that_two_readers_could_read_differently(url):
    door = Door(Gate("https://api.example", resolver=resolver(["127.0.0.1"])))
    with pytest.raises(ProviderError) as caught:
        asyncio.run(door.download(url))
    assert caught.value.kind == "refused_address"


def test_it_keeps_as_many_calls_under_way_as_it_may_and_no_more(gemini):
    gemini.latency = 1000
    url = f"{gemini.base}/v1beta/models/gemini-3-pro-image-preview:generateContent"
    body = {"contents": [{"parts": [{"text": "a roof"}]}]}

    async def crowd():
        door = Door(Gate(gemini.base), {"x-goog-api-key": gemini.key}, connections=20)
        under_way = [asyncio.create_task(door.call("POST", url, body=body)) for _ in range(30)]
        for _ in range(2000):
            if gemini.working >= 20:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        reached = gemini.working
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await door.aclose()
        return reached

    assert asyncio.run(crowd()) == 20


@pytest.fixture
def impostor(tmp_path):
    """A server on loopback with a certificate that nobody signed. Notes the names asked for, and whatever was said to it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "api.example")])
    now = timezone.now()
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("api.example")]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    both = tmp_path / "impostor.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    names, said = [], []
    context.sni_callback = lambda _socket, asked, _context: names.append(asked)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listening.accept()
                with contextlib.suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as private:
                    said.append(private.recv(4096))

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1], names, said
    listening.close()


def test_it_says_nothing_to_a_server_that_cannot_prove_its_name(impostor):
    port, names, said = impostor
    base = f"https://api.example:{port}"
    error = fails(Door(Gate(base, resolver=resolver(["127.0.0.1"])), {"authorization": KEY}), base + "/v1")
    assert (error.kind, error.charged) == ("unreachable", False)
    assert "CERTIFICATE_VERIFY_FAILED" in error.details
    assert names == ["api.example"]  # asked by its name, though the connection went to an address
    assert b"".join(said) == b""
