"""What services post to us: believed only where it is signed or knows the secret, and never worth an exception."""

import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from studio.providers.callbacks import same_secret, signed, tasks_named
from tests.providers.engines import asked, attempt, drawn

SECRET, NOW = "a-signing-key-of-some-length", 1_790_000_000
BODY = b'{"taskId":"tk-hiapi-01","status":"success"}'


def signature(secret=SECRET, stamp=NOW, raw=BODY):
    return hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()


def test_it_believes_what_is_signed_and_fresh():
    assert signed(SECRET, str(NOW), signature(), BODY, NOW)
    assert signed(SECRET, str(NOW), signature(), BODY, NOW + 299)
    assert signed(SECRET, str(NOW), signature(), BODY, NOW - 299)


@pytest.mark.parametrize(
    ("stamp", "given", "raw", "now", "secret"),
    [
        (str(NOW), signature(), BODY + b" ", NOW, SECRET),
        (str(NOW), signature("another"), BODY, NOW, SECRET),
        (str(NOW + 1), signature(), BODY, NOW, SECRET),
        (str(NOW), signature(), BODY, NOW + 301, SECRET),
        (str(NOW), signature(), BODY, NOW - 301, SECRET),
        (str(NOW), signature().upper(), BODY, NOW, SECRET),
        (str(NOW), signature() + "0", BODY, NOW, SECRET),
        (str(NOW), "", BODY, NOW, SECRET),
        (str(NOW), None, BODY, NOW, SECRET),
        (str(NOW), "\udcff\x00é", BODY, NOW, SECRET),
        (None, signature(), BODY, NOW, SECRET),
        ("", signature(), BODY, NOW, SECRET),
        ("soon", signature(), BODY, NOW, SECRET),
        ("-5", signature(stamp=-5), BODY, 0, SECRET),
        ("9" * 5000, signature(), BODY, NOW, SECRET),
        ("\u0661\u0662", signature(), BODY, NOW, SECRET),
        (str(NOW), signature(""), BODY, NOW, ""),
    ],
)
def test_it_believes_nothing_else_and_never_raises(stamp, given, raw, now, secret):
    assert signed(secret, stamp, given, raw, now) is False


def test_it_compares_the_secret_of_an_address():
    assert same_secret("s3cret", "s3cret")
    for given in ("", None, "s3cre", "S3CRET", "\udcff"):
        assert not same_secret("s3cret", given)
    assert not same_secret("", "")


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (BODY, ("tk-hiapi-01",)),
        (b'{"data":[{"taskUUID":"a"},{"taskUUID":"a"},{"taskUUID":"b"}],"errors":[{"taskUUID":"c"}]}', ("a", "b", "c")),
        (b'{"data":{"taskUUID":"a"}}', ("a",)),
        (b'{"id":"tk-hiapi-02","status":"succeeded"}', ("tk-hiapi-02",)),
        (b'{"data":[{"taskUUID":7},null,"x"],"errors":"no"}', ()),
        (BODY[:20], ()), (b"", ()), (b"[]", ()), (b"null", ()), (b"\xff\xfe", ()), (b"[" * 100_000, ()),
        (b'{"taskId":"' + b"x" * 2_000_000 + b'"}', ()), (json.dumps({"taskId": "x" * 65}).encode(), ()),
    ],
)  # fmt: skip
def test_it_reads_the_tasks_of_a_callback_and_never_raises(raw, named):
    assert tasks_named(raw) == named


@pytest.fixture
def ear():
    """A server of ours that a service can call. Keeps what came."""
    heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["content-length"]))
            heard.append(({name.lower(): value for name, value in self.headers.items()}, raw, self.path))
            self.send_response(503 if len(heard) == 1 else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/callback?token=s3cret", heard
    server.shutdown()
    server.server_close()


def wait_for(heard, count):
    limit = time.monotonic() + 20
    while len(heard) < count and time.monotonic() < limit:
        time.sleep(0.01)
    return heard


def test_it_hears_hiapi_again_after_a_failure_and_tells_forgeries_apart(hiapi, ear):
    url, heard = ear
    hiapi.secret, hiapi.scale = SECRET, 0.02
    drawn(hiapi, asked("hiapi", callback=url))
    for headers, raw, _ in wait_for(heard, 2)[:2]:
        assert signed(SECRET, headers["x-hiapi-timestamp"], headers["x-hiapi-signature"], raw, time.time())
        assert tasks_named(raw) == tuple(hiapi.tasks)
    for n, fault in enumerate(("unsigned", "malformed")):
        hiapi.break_at("callback", fault)
        drawn(hiapi, asked("hiapi", callback=url))
        headers, raw, _ = wait_for(heard, 3 + n)[2 + n]
        genuine = signed(SECRET, headers.get("x-hiapi-timestamp"), headers.get("x-hiapi-signature"), raw, time.time())
        assert genuine is (fault == "malformed")
        assert bool(tasks_named(raw)) is (fault == "unsigned")
    hiapi.break_at("callback", "twice")
    drawn(hiapi, asked("hiapi", callback=url))
    assert len({raw for _, raw, _ in wait_for(heard, 6)[4:6]}) == 1


def test_it_hears_runware_once_for_each_result(runware, ear):
    url, heard = ear
    runware.scale = 0.02
    key = attempt()
    drawn(runware, asked("runware", callback=url, results=2), key)
    assert len(wait_for(heard, 3)) == 3  # the first was answered 503
    assert {tasks_named(raw) for _, raw, _ in heard} == {(key,)}
    assert all(path.endswith("token=s3cret") for *_, path in heard)
