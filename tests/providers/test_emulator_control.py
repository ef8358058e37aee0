"""The emulators' control address, what they count by key, and the faults that no client of ours asks for by itself."""

import asyncio
import base64
import http.server
import io
import json
import threading
import time
import urllib.error
import urllib.request
import uuid

import pytest
from PIL import Image

from tests.emulators.control import Remote
from tests.emulators.gemini import GeminiEmulator
from tests.emulators.hiapi import HiApiEmulator
from tests.emulators.pictures import picture
from tests.emulators.runware import RunwareEmulator
from tests.providers.engines import MODELS
from tests.providers.test_emulators import call, task, words

OTHER = "another-account-of-the-emulator"
ROOF = f"/v1beta/models/{MODELS['gemini']}:generateContent"


def create(emulator, *, key=None, attempt=None):
    """One paid call in the service's own shape, asynchronous where the service knows that. The status."""
    attempt = attempt or str(uuid.uuid4())
    if emulator.name == "runware":
        return call(emulator, "POST", "/v1", [task(taskUUID=attempt)], key=key).status
    if emulator.name == "hiapi":
        body = {"model": "Nano-Banana", "input": {"prompt": "a roof"}}
        return call(emulator, "POST", "/v1/tasks", body, {"idempotency-key": attempt}, key=key).status
    return call(emulator, "POST", ROOF, words(), key=key).status


def test_it_tells_another_process_what_it_charged_whom_for_what(emulator):
    remote, attempt = Remote(emulator.base), str(uuid.uuid4())
    emulator.also.add(OTHER)
    assert create(emulator, attempt=attempt) == 200
    assert create(emulator, key=OTHER) == 200
    first, second = remote.ledger()
    assert (first["account"], second["account"]) == (emulator.key, OTHER)
    assert first["words"] == "a roof"
    assert first["amount"] > 0
    assert first["charged"] is True
    assert abs(first["at"] - time.time()) < 60
    assert {"task", "model", "size"} <= first.keys()
    if emulator.name != "gemini":
        assert remote.ledger(attempt) == remote.charged(attempt) == [first]
    assert len(remote.calls()) == 2
    remote.forget()
    assert remote.ledger() == remote.calls() == []
    assert remote.seen() == {}


def test_it_breaks_the_next_three_creates_of_one_account_and_no_other(emulator):
    remote = Remote(emulator.base)
    emulator.also.add(OTHER)
    remote.break_at("start", "status", [503, {"Retry-After": "2"}], times=3, key=OTHER)
    assert [create(emulator) for _ in range(2)] == [200, 200]
    assert [create(emulator, key=OTHER) for _ in range(4)] == [503, 503, 503, 200]
    assert remote.faults() == []
    remote.break_at("start", "status", [500, {}], times=9, skip=1)
    assert [create(emulator) for _ in range(3)] == [200, 500, 500]
    remote.mend()
    assert create(emulator) == 200


@pytest.mark.parametrize("kind", [RunwareEmulator, HiApiEmulator])
def test_it_breaks_one_attempt_and_no_other(kind):
    with kind() as emulator:
        mine = str(uuid.uuid4())
        Remote(emulator.base).break_at("start", "status", [500, {}], key=mine)
        assert [create(emulator), create(emulator, attempt=mine), create(emulator, attempt=mine)] == [200, 500, 200]


def test_it_refuses_connections_for_a_while_when_told_so(emulator):
    remote = Remote(emulator.base)
    remote.break_at("line", "refused", 1.0)

    def listens():
        try:
            return remote.seen() == {}
        except OSError:
            return False

    assert until(lambda: not listens())
    assert until(listens)
    assert create(emulator) == 200


def test_it_changes_what_is_a_switch_and_nothing_else(emulator):
    remote = Remote(emulator.base)
    remote.set(latency=0.25)
    assert emulator.latency == 0.25
    for wrong in ({"_charges": 1}, {"nothing": 1}, {"lock": 1}, {"calls": 3}, {"latency": [1]}, {"ledger": 1}):
        with pytest.raises(urllib.error.HTTPError):
            remote.set(**wrong)
    with pytest.raises(urllib.error.HTTPError):
        remote._ask("POST", "faults", {"at": "start"})
    with pytest.raises(urllib.error.HTTPError):
        remote._ask("GET", "secrets")
    assert remote.seen() == {}, "nothing of this is a call"


def until(truth, seconds=10.0):
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end
        time.sleep(0.02)
    return True


def at_once(emulator, count, *, key=None):
    def one(_=0):
        create(emulator, key=key)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_it_counts_by_key_how_many_were_under_way_and_how_often_too_many(emulator):
    remote = Remote(emulator.base)
    emulator.also.add(OTHER)
    remote.set(latency=2.0)
    remote.tell(concurrency=2)
    remote.tell(key=OTHER, concurrency=4)
    at_once(emulator, 4)
    at_once(emulator, 3, key=OTHER)
    seen = remote.seen()
    assert (seen[emulator.key]["most_at_once"], seen[emulator.key]["over"]["concurrency"]) == (4, 2)
    assert (seen[OTHER]["most_at_once"], seen[OTHER]["over"]["concurrency"]) == (3, 0)
    assert until(lambda: {eye["under_way"] for eye in remote.seen().values()} == {0})
    assert emulator.seen.violations() == 2


def test_it_counts_the_calls_of_a_sliding_minute_and_those_over_the_limit(emulator):
    remote = Remote(emulator.base)
    emulator.seen.window = 0.5
    remote.tell(per_minute=2)
    for _ in range(3):
        create(emulator)
    time.sleep(0.6)
    create(emulator)
    if emulator.name != "gemini":
        path, body = ("/v1/tasks", None) if emulator.name == "hiapi" else ("/v1", [{"taskType": "getResponse"}])
        call(emulator, "GET" if body is None else "POST", path, body)
    eye = remote.seen()[emulator.key]
    assert (eye["most_creates"], eye["over"]["creates"]) == (3, 1)
    assert eye["over"]["calls"] == 1
    assert eye["creates"] == 4
    assert eye["calls"] == (4 if emulator.name == "gemini" else 5)
    assert eye["limits"] == {"concurrency": None, "per_minute": 2}


def test_it_counts_those_that_hiapi_turns_away_too():
    with HiApiEmulator(concurrency=2, latency=5) as hiapi:
        assert [create(hiapi) for _ in range(4)] == [200, 200, 429, 429]
        assert Remote(hiapi.base).seen()[hiapi.key]["over"]["concurrency"] == 2
        hiapi.also.add(OTHER)
        assert create(hiapi, key=OTHER) == 200, "each key has its own limits"


def test_it_holds_64_at_once_at_hardly_any_cost():
    with GeminiEmulator(latency=1.0, weight=1_000_000) as gemini:
        create(gemini)

        async def many():
            reader_writers = await asyncio.gather(
                *(asyncio.open_connection("127.0.0.1", gemini.port) for _ in range(64))
            )
            body = json.dumps(words()).encode()
            head = f"POST {ROOF} HTTP/1.1\r\nx-goog-api-key: {gemini.key}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            for _, writer in reader_writers:
                writer.write(head.encode() + body)
            return [len(await reader.read()) for reader, _ in reader_writers]

        used, began = time.process_time(), time.monotonic()
        sizes = asyncio.run(many())
        assert min(sizes) > 1_000_000
        assert gemini.peak == 64
        assert time.process_time() - used < 1.5  # both ends of 64 megabytes, in this process
        assert time.monotonic() - began < 20, "one after the other they would take 64 s"


# --- what the facts say of each service, beyond what clients of ours ask for ---


def test_it_closes_a_synchronous_call_that_takes_too_long_and_draws_on(runware):
    runware.latency, runware.scale = 0.4, 0.001
    with pytest.raises(urllib.error.URLError):
        ask(runware, "/v1", [task(deliveryMethod=None)])
    assert until(lambda: len(runware.charged()) == 1)


def ask(emulator, path, body):
    headers = {"authorization": f"Bearer {emulator.key}", "x-goog-api-key": emulator.key}
    request = urllib.request.Request(emulator.root + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except (ConnectionError, http.client.HTTPException) as broken:
        raise urllib.error.URLError(broken) from broken


def test_it_makes_what_is_handed_over_small_and_forgets_it_thirty_days_after_its_last_use(runware):
    large = base64.b64encode(picture(3000, 1000, "JPG", "large")).decode()
    (row,) = ask(
        runware,
        "/v1",
        [{"taskType": "mediaStorage", "taskUUID": str(uuid.uuid4()), "operation": "upload", "media": large}],
    )["data"]
    with urllib.request.urlopen(row["mediaURL"]) as answer:
        assert Image.open(io.BytesIO(answer.read())).size == (2048, 683)
    using = task(inputs={"referenceImages": [row["mediaUUID"]]}, width=None, height=None, resolution="1K")
    runware.media[row["mediaUUID"]] -= 29 * 86400
    assert call(runware, "POST", "/v1", [{**using, "taskUUID": str(uuid.uuid4())}]).status == 200
    runware.media[row["mediaUUID"]] -= 29 * 86400
    assert call(runware, "POST", "/v1", [{**using, "taskUUID": str(uuid.uuid4())}]).status == 200, "its last use counts"
    runware.media[row["mediaUUID"]] -= 31 * 86400
    gone = call(runware, "POST", "/v1", [using])
    assert gone.data["errors"][0]["code"] == "invalidReferenceImages"
    broken = {
        "taskType": "mediaStorage",
        "taskUUID": str(uuid.uuid4()),
        "operation": "upload",
        "media": "bm90IGEgcGljdHVyZQ==",
    }
    assert call(runware, "POST", "/v1", [broken]).data["errors"][0]["code"] == "invalidMedia"


def test_it_says_a_success_without_a_picture_and_a_picture_that_is_not_safe(runware):
    asked = task(safety={"checkContent": True})
    runware.break_at("start", "nsfw", key=asked["taskUUID"])
    runware.break_at("poll", "no_picture", key=asked["taskUUID"])
    ask(runware, "/v1", [asked])
    poll = [{"taskType": "getResponse", "taskUUID": asked["taskUUID"]}]
    (first,), (second,) = ask(runware, "/v1", poll)["data"], ask(runware, "/v1", poll)["data"]
    assert first["status"] == "success"
    assert not {"imageURL", "imageUUID"} & first.keys()
    assert "imageURL" in second
    assert second["NSFWContent"] is True


def test_it_draws_in_the_ratio_of_the_first_reference_where_only_a_resolution_is_asked(runware):
    tall = base64.b64encode(picture(60, 90, "PNG", "tall")).decode()
    handed = {"taskType": "mediaStorage", "taskUUID": str(uuid.uuid4()), "operation": "upload", "media": tall}
    name = ask(runware, "/v1", [handed])["data"][0]["mediaUUID"]
    for sent, size in (([name, tall], (848, 1264)), ([tall], (848, 1264)), (None, (1024, 1024))):
        given = {"inputs": {"referenceImages": sent}} if sent else {}
        asked = task(deliveryMethod="sync", width=None, height=None, resolution="1K", **given)
        with urllib.request.urlopen(ask(runware, "/v1", [asked])["data"][0]["imageURL"]) as answer:
            assert Image.open(io.BytesIO(answer.read())).size == size


def test_it_prices_without_counting_a_create(runware):
    call(runware, "POST", "/v1", [task()], {"x-runware-dry-run": "1"})
    assert runware.ledger == []
    assert Remote(runware.base).seen()[runware.key]["creates"] == 0


def test_it_shows_a_task_only_to_the_account_that_made_it(hiapi):
    hiapi.also.add(OTHER)
    made = call(hiapi, "POST", "/v1/tasks", {"model": "Nano-Banana", "input": {"prompt": "a roof"}}).data["data"][
        "taskId"
    ]
    assert call(hiapi, "GET", f"/v1/tasks/{made}").status == 200
    assert call(hiapi, "GET", f"/v1/tasks/{made}", key=OTHER).status == 404
    assert call(hiapi, "GET", "/v1/tasks", key=OTHER).data["data"]["total"] == 0


@pytest.fixture
def shelf():
    """A server on loopback with one picture and one page."""

    class Shelf(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = picture(8, 8, "JPG", "x") if self.path == "/one.jpg" else b"<html>sign in</html>"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shelf) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_it_looks_at_the_references_it_is_sent_where_it_is_told_to(runware, hiapi, shelf):
    runware.fetches = hiapi.fetches = True
    for link, status in (
        (f"{shelf}/one.jpg", 200),
        (f"{shelf}/page", 400),
        ("http://127.0.0.1:9/none.jpg", 400),
        ("https://a.example/1.jpg", 200),
    ):
        body = {"model": "Nano-Banana-Pro", "input": {"prompt": "a roof", "image_input": [link]}}
        assert call(hiapi, "POST", "/v1/tasks", body).status == status, link
        asked = task(width=None, height=None, resolution="1K", inputs={"referenceImages": [link]})
        assert call(runware, "POST", "/v1", [asked]).status == status, link


@pytest.mark.parametrize(
    ("fault", "value", "where"),
    [("blocked", "IMAGE_SAFETY", "promptFeedback"), ("blocked", "BLOCKLIST", "promptFeedback"), ("finish", "SPII", "candidates"),
     ("finish", "MAX_TOKENS", "candidates"), ("image_recitation", None, "candidates"), ("empty", None, "candidates")],
)  # fmt: skip
def test_it_blocks_for_any_reason_it_is_told(gemini, fault, value, where):
    gemini.break_at("start", fault, value)
    told = ask(gemini, ROOF, words())
    assert where in told
    assert ({"promptFeedback", "candidates"} - {where}).isdisjoint(told)
    if value:
        assert value in json.dumps(told[where])
    assert "inlineData" not in json.dumps(told)
    assert gemini.charged() == []


def test_it_wants_its_signature_back_says_no_words_where_none_are_asked_for_and_minds_the_balance(gemini):
    turn = {
        "role": "model",
        "parts": [
            {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(picture(8, 8, "JPG", "x")).decode()}}
        ],
    }
    two = {"contents": [words()["contents"][0], turn, words()["contents"][0]]}
    assert call(gemini, "POST", ROOF, two).status == 200
    gemini.signatures = True
    assert call(gemini, "POST", ROOF, two).status == 400
    turn["parts"][0]["thoughtSignature"] = "c2ln"
    assert call(gemini, "POST", ROOF, two).status == 200
    gemini.thoughts = False
    (part,) = ask(gemini, ROOF, words(generationConfig={"responseModalities": ["Image"]}))["candidates"][0]["content"][
        "parts"
    ]
    assert "inlineData" in part
    gemini.balance = 0.01
    assert call(gemini, "POST", ROOF, words()).status == 402


def test_it_drops_the_line_in_the_middle_and_charges_all_the_same(gemini):
    gemini.latency = 1.0
    gemini.break_at("start", "drop_midway", 0.05)
    with pytest.raises(urllib.error.URLError):
        ask(gemini, ROOF, words())
    assert (gemini.working, gemini.charged()) == (1, []), "it is still drawing"
    assert until(lambda: len(gemini.charged()) == 1)


@pytest.mark.parametrize(
    ("kind", "faults"),
    [(RunwareEmulator, ("twice", "together", "malformed", "late", "never", "unsigned")), (HiApiEmulator, ("twice", "together", "malformed", "late", "never", "unsigned", "forged", "old"))],
)  # fmt: skip
def test_it_rings_late_twice_never_in_pieces_and_under_a_false_name(kind, faults):
    rung = []

    class Bell(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            rung.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bell) as server, kind() as emulator:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        if kind is HiApiEmulator:
            emulator.secret = "a-secret-of-sixteen-letters"
        for fault in ("", *faults):
            rung.clear()
            if fault:
                emulator.break_at("callback", fault, 1.0)
            url = f"http://127.0.0.1:{server.server_port}/bell?secret=s"
            if kind is HiApiEmulator:
                call(
                    emulator,
                    "POST",
                    "/v1/tasks",
                    {"model": "Nano-Banana", "input": {"prompt": "a roof"}, "callback": {"url": url, "when": "final"}},
                )
            else:
                call(emulator, "POST", "/v1", [task(webhookURL=url)])
            count = {"twice": 2, "together": 2, "never": 0}.get(fault, 1)
            time.sleep(0.3)
            assert fault not in {"late", "never"} or rung == []
            until(lambda count=count: len(rung) >= count)
            assert len(rung) == count, fault
            if fault == "malformed":
                with pytest.raises(ValueError, match=r".+"):
                    json.loads(rung[0][2])
            if fault == "unsigned":
                assert rung[0][0] == ("/bell" if kind is RunwareEmulator else "/bell?secret=s")
                assert "X-Hiapi-Signature" not in {name.title() for name in rung[0][1]}
        server.shutdown()


def test_it_may_ring_for_a_later_result_first(runware):
    rung = []

    class Bell(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            rung.append(json.loads(self.rfile.read(int(self.headers["content-length"])))["data"][0]["imageUUID"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    asked = task(numberResults=2)
    runware.stagger = 0.05
    runware.break_at("callback", "late", 0.6, key=asked["taskUUID"])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bell) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        call(runware, "POST", "/v1", [{**asked, "webhookURL": f"http://127.0.0.1:{server.server_port}/bell"}])
        until(lambda: len(rung) == 2)
        server.shutdown()
    items = runware.tasks[asked["taskUUID"]].items
    assert rung == [items[1]["imageUUID"], items[0]["imageUUID"]]
