"""Nothing inside a network is reached, whatever it is called: refused before any connection. With a control that does connect."""

import asyncio
import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest

from studio.providers.base import ProviderError
from studio.providers.egress import Forbidden, Gate, is_public
from studio.providers.http import Door

INSIDE = [
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::1", "::", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1",
    "ff02::1", "ff0e::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001::1",
    "192.88.99.1", "::ffff:0:7f00:1", "2001:db8::1", "100::1", "::7f00:1", "5f00::1",
]  # fmt: skip
SPELLINGS = [
    "http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/",
    "https://127.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://user:pass@pictures.example/", "https://user@pictures.example/", "http://pictures.example/", "file:///etc/passwd",
    "ftp://pictures.example/", "gopher://pictures.example/", "https://pictures.example.evil.test/", "https://evil.test/", "https:///x",
    "https://pictures.example:99999/", "https://[fe80::1%25eth0]/", "javascript:alert(1)", "",
]  # fmt: skip


def gate(*addresses, base="https://api.example", hosts=("pictures.example", ".cdn.example")):
    calls = []

    async def resolver(host, port):
        calls.append(host)
        return list(addresses)

    made = Gate(base, hosts, resolver)
    return made, calls


@pytest.mark.parametrize("address", INSIDE)
def test_it_refuses_every_address_inside(address):
    made, _ = gate(address)
    with pytest.raises(Forbidden):
        asyncio.run(made.check("https://pictures.example/a.png"))


@pytest.mark.parametrize("url", SPELLINGS)
def test_it_refuses_every_other_spelling_and_host(url):
    made, _ = gate("93.184.216.34")  # wherever it may lead: the words alone are refused
    with pytest.raises(Forbidden):
        asyncio.run(made.check(url))


@pytest.fixture
def connects(monkeypatch):
    """Where a connection was begun. None is made: nothing leaves this machine."""
    begun = []

    async def begin(self, host, port, *_):
        begun.append((host, port))
        raise httpcore.ConnectError("not from here")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", begin)
    return begun


# a host as an address may spell it → where the system's own look-up leads
SPELLED = {
    **{one: one for one in INSIDE}, "2130706433": "127.0.0.1", "0x7f000001": "127.0.0.1", "0x7f.1": "127.0.0.1", "0177.0.0.1": "127.0.0.1",
    "127.1": "127.0.0.1", "127.0.1": "127.0.0.1", "017700000001": "127.0.0.1", "0": "0.0.0.0", "0xa9fea9fe": "169.254.169.254",
    "2852039166": "169.254.169.254", "0251.0376.0251.0376": "169.254.169.254", "169.254.43518": "169.254.169.254", "10.1": "10.0.0.1",
    "localhost": "127.0.0.1", "localhost.": "::1", "LOCALHOST": "127.0.0.1", "metadata.google.internal": "169.254.169.254",
    "127.0.0.1.nip.test": "127.0.0.1", "１２７.０.０.１": "127.0.0.1", "127。0。0。1": "127.0.0.1", "0:0:0:0:0:0:0:1": "::1",
}  # fmt: skip


@pytest.mark.parametrize("listed", [True, False])
def test_it_begins_no_connection_inside_however_the_host_is_spelled(connects, listed):
    """Also where the account's own result hosts name it: what is spelled does not count, only where it leads."""

    async def go(spelled, leads):
        async def resolver(host, port):
            return [leads]

        hosts = (spelled.rstrip(".").lower(), ".example", ".0.0.1") if listed else (".example",)
        door = Door(Gate("https://api.example", hosts, resolver), {"authorization": "Bearer secret"})
        url = f"https://[{spelled}]/a.png" if ":" in spelled else f"https://{spelled}/a.png"
        try:
            with pytest.raises(ProviderError) as caught:
                await door.download(url)
        finally:
            await door.aclose()
        return caught.value.kind

    assert len(SPELLED) > 60
    kinds = {spelled: asyncio.run(go(spelled, leads)) for spelled, leads in SPELLED.items()}
    assert {spelled: kind for spelled, kind in kinds.items() if kind != "refused_address"} == {}
    assert connects == []
    assert asyncio.run(go("pictures.example", "93.184.216.34")) == "download"  # the control: this one is begun
    assert connects == [("93.184.216.34", 443)]


@pytest.mark.parametrize(
    ("address", "may"),
    [("127.0.0.1", True), ("10.0.0.5", True), ("192.168.1.20", True), ("100.64.0.9", True), ("::1", True), ("fd00::7", True), ("8.8.8.8", True),
     ("169.254.169.254", False), ("::ffff:169.254.169.254", False), ("fe80::1", False), ("224.0.0.1", False), ("ff02::1", False),
     ("0.0.0.0", False), ("::", False), ("240.0.0.1", False)],
)  # fmt: skip
def test_an_accounts_own_base_may_be_in_a_network_but_not_where_machines_ask_for_their_secrets(connects, address, may):
    made, _ = gate(address, base="http://gateway.internal:8080")

    async def go():
        door = Door(made, {"authorization": "Bearer secret"})
        try:
            with pytest.raises(ProviderError) as caught:
                await door.call("POST", "http://gateway.internal:8080/v1", body={})
        finally:
            await door.aclose()
        return caught.value

    error = asyncio.run(go())
    assert (error.kind, error.charged) == ("unreachable" if may else "refused_address", False)
    assert connects == ([(address, 8080)] if may else [])


def test_it_refuses_a_name_with_one_bad_address_among_good():
    made, _ = gate("93.184.216.34", "10.0.0.1")
    with pytest.raises(Forbidden):
        asyncio.run(made.check("https://pictures.example/"))


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111"])
def test_it_lets_the_public_internet_through(address):
    import ipaddress

    assert is_public(ipaddress.ip_address(address))
    made, _ = gate(address)
    assert asyncio.run(made.check("https://a.cdn.example/x")).addresses == (address,)


def test_it_looks_a_name_up_once_so_that_rebinding_gains_nothing(trap):
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]
    asked = []

    async def rebinding(host, port):
        asked.append(host)
        return answers.pop(0)

    target = asyncio.run(
        Gate("https://api.example", ("pictures.example",), rebinding).check("https://pictures.example/")
    )
    assert target.addresses == ("93.184.216.34",)
    assert len(asked) == 1


@pytest.fixture
def trap():
    """A server on loopback that notes who knocks. Paths: /ok a picture, /hop/N redirects on, /away redirects to metadata."""
    knocks = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            knocks.append(self.path)
            if self.path.startswith("/hop/"):
                left = int(self.path.removeprefix("/hop/"))
                self.send_response(302)
                self.send_header("location", f"/hop/{left - 1}" if left else "/ok")
            elif self.path == "/away":
                self.send_response(302)
                self.send_header("location", "http://169.254.169.254/latest/meta-data/")
            elif self.path == "/other":
                self.send_response(302)
                self.send_header("location", f"http://127.0.0.2:{server.server_port}/ok")
            elif self.path == "/gone":
                self.send_response(404)
            elif self.path == "/html":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<html>not a picture</html>")
                return
            elif self.path == "/bomb":
                import gzip

                body = gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(60 * 1024 * 1024), 9)
                self.send_response(200)
                self.send_header("content-encoding", "gzip")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(body)
                return
            elif self.path == "/drip":
                self.send_response(200)
                self.send_header("content-length", "1000")
                self.end_headers()
                with contextlib.suppress(OSError):
                    for _ in range(60):
                        self.wfile.write(b"x")
                        self.wfile.flush()
                        if stop.wait(0.1):
                            return
                return
            elif self.path == "/cut":
                self.send_response(200)
                self.send_header("content-length", "1000")
                self.end_headers()
                self.wfile.write(b"\x89PNG\r\n\x1a\n")
                return
            else:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"\x89PNG\r\n\x1a\nrest")
                return
            self.end_headers()

        def log_message(self, *_):
            pass

    stop = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", knocks
    stop.set()
    server.shutdown()
    server.server_close()


def fetch(base, path, **more):
    async def go():
        door = Door(Gate(base, ("pictures.example",)), {"authorization": "Bearer secret"}, **more)
        try:
            return await door.download(base + path)
        finally:
            await door.aclose()

    return asyncio.run(go())


def test_it_connects_to_the_accounts_own_gateway(trap):
    base, knocks = trap
    data, mime = fetch(base, "/ok")
    assert mime == "image/png"
    assert knocks == ["/ok"]
    assert fetch(base, "/hop/2")[0] == data


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/hop/6", "download"), ("/away", "refused_address"), ("/other", "refused_address"), ("/gone", "expired"), ("/html", "wrong_bytes"),
     ("/bomb", "too_large"), ("/cut", "download")],
)  # fmt: skip
def test_it_names_what_is_wrong_with_a_download(trap, path, kind):
    base, knocks = trap
    with pytest.raises(ProviderError) as caught:
        fetch(base, path)
    assert caught.value.kind == kind
    assert knocks == (["/hop/6", "/hop/5", "/hop/4", "/hop/3"] if path == "/hop/6" else [path])


def test_it_has_a_deadline_in_all_not_only_between_bytes(trap):
    base, _ = trap
    with pytest.raises(ProviderError) as caught:
        fetch(base, "/drip", patience=0.6)
    assert caught.value.kind == "download"


def test_it_never_knocks_where_it_may_not(trap):
    base, knocks = trap
    with pytest.raises(ProviderError):
        asyncio.run(Door(Gate("https://api.example", ("127.0.0.1",))).download(base + "/ok"))
    assert knocks == []


def test_it_says_that_nothing_was_sent_where_nobody_listens():
    async def go():
        await Door(Gate("http://127.0.0.1:9")).call("POST", "http://127.0.0.1:9/v1", body={})

    with pytest.raises(ProviderError) as caught:
        asyncio.run(go())
    assert caught.value.kind == "unreachable"
    assert caught.value.charged is False
