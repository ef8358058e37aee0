"""The emulators mind what the services mind: our clients never send most of it, so it is sent here by hand."""

import asyncio
import base64
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

from studio.providers.egress import Gate
from studio.providers.http import Door
from tests.emulators.pictures import bomb, picture
from tests.providers.engines import HEADERS, asked, attempt, drawn, size_of

ROOT = Path(__file__).resolve().parents[2]
JPEG = base64.b64encode(picture(8, 8, "JPG", "x")).decode()


def call(emulator, method, path, body=None, headers=None, *, key=None):
    async def go():
        own = {name: value.format(key or emulator.key) for name, value in HEADERS[emulator.name].items()}
        door = Door(Gate(emulator.root), own)
        try:
            return await door.call(method, emulator.root + path, body=body, headers=headers)
        finally:
            await door.aclose()

    return asyncio.run(go())


def task(**more):
    made = {
        "taskType": "imageInference", "taskUUID": str(uuid.uuid4()), "model": "google:4@3", "positivePrompt": "a roof", "width": 1376,
        "height": 768, "deliveryMethod": "async", **more,
    }  # fmt: skip
    return {name: value for name, value in made.items() if value is not None}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"taskUUID": "not-a-uuid"}, "invalidTaskUUID"), ({"taskUUID": str(uuid.uuid1())}, "invalidTaskUUID"), ({"taskUUID": None}, "invalidTaskUUID"),
        ({"taskType": "imageDream"}, "unsupportedTaskType"), ({"model": "google:9@9"}, "invalidModel"), ({"positivePrompt": None}, "missingPositivePrompt"),
        ({"positivePrompt": "no"}, "invalidPositivePrompt"), ({"positivePrompt": "x" * 45001}, "invalidPositivePrompt"),
        ({"colour": "red"}, "unsupportedParameter"), ({"referenceImages": [JPEG]}, "unsupportedParameter"), ({"width": 1377}, "invalidWidth"),
        ({"width": None}, "missingWidth"), ({"height": None}, "missingHeight"), ({"resolution": "1K"}, "incompatibleParameters"),
        ({"resolution": "8K", "width": None, "height": None}, "invalidResolution"),
        ({"model": "google:4@1", "resolution": "1K", "width": None, "height": None}, "invalidResolution"),
        ({"model": "google:4@2", "width": 1584, "height": 672}, "invalidWidth"), ({"inputs": {"referenceImages": []}}, "invalidReferenceImages"),
        ({"inputs": {"referenceImages": [JPEG] * 15}}, "invalidReferenceImages"), ({"inputs": {"referenceImages": ["bm90aGluZw=="]}}, "invalidReferenceImages"),
        ({"inputs": {"referenceImages": [str(uuid.uuid4())]}}, "invalidReferenceImages"), ({"inputs": {"pictures": []}}, "unsupportedParameter"),
        ({"numberResults": 21}, "invalidNumberResults"), ({"outputQuality": 100}, "invalidOutputQuality"), ({"ttl": 59}, "invalidTtl"),
        ({"outputFormat": "GIF"}, "invalidOutputFormat"), ({"settings": {"mood": 1}}, "unsupportedParameter"), ({"settings": {"temperature": 1.5}}, "invalidSettings"),
        ({"model": "google:4@2", "settings": {"thinking": "HIGH"}}, "unsupportedParameter"), ({"providerSettings": {"bria": {}}}, "mismatchProviderSettingsProvider"),
        ({"providerSettings": {"google": {"safetyTolerance": "some"}}}, "invalidSafetyTolerance"),
        ({"inputs": {"referenceImages": [base64.b64encode(picture(8, 8, "JPG", "x")[:90]).decode()]}}, "invalidReferenceImages"),
        ({"safety": {"mood": 1}}, "invalidSafety"), ({"safety": {"mode": "slow"}}, "invalidSafety"), ({"settings": {"systemPrompt": ""}}, "invalidSettings"),
        ({"settings": []}, "invalidSettings"), ({"ttl": 60, "outputType": "dataURI"}, "incompatibleParameters"),
    ],
)  # fmt: skip
def test_it_minds_a_task_as_runware_does(runware, wrong, code):
    answer = call(runware, "POST", "/v1", [task(**wrong)])
    (error,) = answer.data["errors"]
    assert (answer.status, answer.data["data"], error["code"]) == (400, [], code)
    assert {"message", "parameter", "documentation", "taskType"} <= error.keys()
    assert runware.ledger == []


@pytest.mark.parametrize("body", [{}, {"taskType": "ping"}, "text", ["text"], None])
def test_it_takes_only_an_array_of_tasks(runware, body):
    assert call(runware, "POST", "/v1", body).status == 400


def test_it_takes_a_key_in_the_first_task_too(runware):
    body = [{"taskType": "authentication", "apiKey": runware.key}, {"taskType": "ping", "ping": True}]
    assert call(runware, "POST", "/v1", body, key="another-key").data == {"data": [{"taskType": "ping", "pong": True}]}
    answer = call(runware, "POST", "/v1", body[1:], key="another-key")
    assert (answer.status, answer.data["errors"][0]["code"]) == (401, "invalidApiKey")


def test_it_runs_the_good_tasks_of_a_mixed_call(runware):
    good, bad = task(), task(width=7)
    answer = call(runware, "POST", "/v1", [good, bad])
    assert answer.status == 200
    assert [row["taskUUID"] for row in answer.data["data"]] == [good["taskUUID"]]
    assert [row["taskUUID"] for row in answer.data["errors"]] == [bad["taskUUID"]]
    again = call(runware, "POST", "/v1", [good])
    assert (again.status, again.data["errors"][0]["code"]) == (400, "conflictTaskUUID")
    assert [row["key"] for row in runware.charged()] == [good["taskUUID"]]
    details = call(runware, "POST", "/v1", [{"taskType": "getTaskDetails", "taskUUID": good["taskUUID"]}])
    assert details.data["data"][0]["request"] == [good]


def test_it_holds_a_synchronous_task_until_it_is_done(runware):
    runware.latency = 0.1
    began = time.monotonic()
    answer = call(runware, "POST", "/v1", [task(deliveryMethod=None, outputType="dataURI", outputFormat="WEBP")])
    assert time.monotonic() - began >= 0.1
    assert answer.data["data"][0]["imageDataURI"].startswith("data:image/webp;base64,UklGR")


def test_it_ends_a_link_after_its_time(runware):
    runware.scale = 0.0
    drawn_at = call(runware, "POST", "/v1", [task(deliveryMethod=None, ttl=60)]).data["data"][0]["imageURL"]
    assert call(runware, "GET", drawn_at.removeprefix(runware.root)).status == 404


def test_it_ends_a_link_of_hiapi_as_its_storage_does(hiapi):
    hiapi.life = 0.0
    made = call(hiapi, "POST", "/v1/tasks", {"model": "Nano-Banana", "input": {"prompt": "a roof"}}).data["data"]
    [one] = call(hiapi, "GET", f"/v1/tasks/{made['taskId']}").data["data"]["output"]
    answer = call(hiapi, "GET", one["url"].removeprefix(hiapi.root))
    assert (answer.status, "Request has expired" in answer.text) == (403, True)


def test_it_answers_a_mixed_call_as_it_is_told(runware):
    runware.mixed_status = 207
    assert call(runware, "POST", "/v1", [task(), task(width=7)]).status == 207


def test_it_refuses_what_the_balance_does_not_cover(runware, hiapi):
    runware.balance = hiapi.balance = 0.01
    assert call(runware, "POST", "/v1", [task()]).status == 402
    assert call(hiapi, "POST", "/v1/tasks", {"model": "Nano-Banana", "input": {"prompt": "a roof"}}).status == 402


@pytest.mark.parametrize(
    ("model", "wrong", "word"),
    [("Nano-Banana-9", {}, "unknown model"), ("Nano-Banana", {"prompt": None}, "prompt"), ("Nano-Banana", {"prompt": "x" * 5001}, "prompt"),
     ("Nano-Banana-Pro", {"prompt": "x" * 10001}, "prompt"), ("Nano-Banana", {"resolution": "1K"}, "resolution is not supported"),
     ("Nano-Banana", {"image_input": []}, "image_input is not supported"), ("Nano-Banana-Pro", {"image_input": ["https://a.example/1"] * 9}, "at most 8"),
     ("Nano-Banana-Pro", {"image_input": [JPEG]}, "links only"), ("Nano-Banana-Pro", {"aspect_ratio": "4:1"}, "aspect_ratio"),
     ("Nano-Banana-2", {"resolution": "8K"}, "resolution"), ("Nano-Banana-2", {"callback": {}}, "callback is not supported")],
)  # fmt: skip
def test_it_minds_a_create_as_hiapi_does(hiapi, model, wrong, word):
    asked_ = {name: value for name, value in {"prompt": "a roof", **wrong}.items() if value is not None}
    answer = call(hiapi, "POST", "/v1/tasks", {"model": model, "input": asked_})
    assert (answer.status, answer.data["code"], answer.data["error_code"]) == (400, 400, "INVALID_REQUEST")
    assert word in answer.data["message"]
    assert hiapi.ledger == []


def test_it_answers_as_hiapi_does(hiapi):
    body = {
        "model": "Nano-Banana",
        "input": {"prompt": "a roof"},
        "callback": {"url": "https://a.example", "when": "sometimes"},
    }
    assert call(hiapi, "POST", "/v1/tasks", body).status == 400
    del body["callback"]
    made = call(hiapi, "POST", "/v1/tasks", body, {"idempotency-key": "one"})
    assert re.fullmatch(r"tk-hiapi-[0-9A-HJKMNP-TV-Z]{26}", made.data["data"]["taskId"])
    assert made.headers["x-ratelimit-limit"] == "6000"
    again = call(hiapi, "POST", "/v1/tasks", body, {"idempotency-key": "one"})
    assert (again.data, again.headers["idempotent-replay"]) == (made.data, "true")
    other = call(hiapi, "POST", "/v1/tasks", {**body, "route": "x"}, {"idempotency-key": "one"})
    assert (other.status, other.data["error_code"]) == (422, "IDEMPOTENCY_KEY_MISMATCH")
    told = call(hiapi, "GET", f"/v1/tasks/{made.data['data']['taskId']}").data["data"]
    assert (told["status"], told["output"][0]["type"]) == ("success", "image")
    assert told["completed"] >= told["created"]
    assert told["output"][0]["expireAt"] > time.time() + 6 * 86400
    assert call(hiapi, "GET", "/v1/tasks/tk-hiapi-nobody").status == 404
    assert call(hiapi, "GET", "/v1/tasks?page=1&size=5").data["data"]["total"] == 1
    assert len(hiapi.charged("one")) == 1


def words(**more):
    return {"contents": [{"parts": [{"text": "a roof"}]}], **more}


def sized(**image):
    return words(generationConfig={"imageConfig": image})


@pytest.mark.parametrize(
    ("model", "body", "word"),
    [("gemini-3-pro-image", words(colour="red"), 'Unknown name "colour"'), ("gemini-3-pro-image", {}, "contents"),
     ("gemini-3-pro-image", sized(imageSize="2k"), "image_size"), ("gemini-3-pro-image", sized(imageSize="512"), "image_size"),
     ("gemini-3-pro-image", sized(aspectRatio="4:1"), "aspect_ratio"), ("gemini-nano-banana-2.1", sized(imageSize="512"), "image_size"),
     ("gemini-3-pro-image", {"contents": [{"parts": [{"inlineData": {"mimeType": "image/gif", "data": JPEG}}]}]}, "MIME"),
     ("gemini-3-pro-image", {"contents": [{"parts": [{"inline_data": {"mime_type": "image/jpeg", "data": JPEG}}] * 15}]}, "at most 14"),
     ("gemini-3-pro-image", {"contents": [{"parts": [{"inlineData": {"mimeType": "image/jpeg", "data": "!"}}]}]}, "Base64")],
)  # fmt: skip
def test_it_minds_a_request_as_gemini_does(gemini, model, body, word):
    answer = call(gemini, "POST", f"/v1beta/models/{model}:generateContent", body)
    assert (answer.status, answer.data["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert word in answer.data["error"]["message"]
    assert gemini.ledger == []


def test_it_knows_no_model_that_was_shut_down_and_no_body_too_large(gemini):
    gone = call(gemini, "POST", "/v1beta/models/gemini-2.5-flash-image:generateContent", words())
    assert (gone.status, gone.data["error"]["status"]) == (404, "NOT_FOUND")
    gemini.most_bytes = 10
    assert call(gemini, "POST", "/v1/models/gemini-3-pro-image:generateContent", words()).status == 400
    gemini.retired, gemini.most_bytes = set(), 10**6
    flat = "/v1/models/gemini-2.5-flash-image:generateContent"
    assert call(gemini, "POST", flat, sized(imageSize="1K")).status == 400
    assert call(gemini, "POST", flat, words()).status == 200


def test_it_reads_either_spelling_and_answers_thoughts_first(gemini):
    body = words(
        generation_config={"image_config": {"aspect_ratio": "9:16", "imageSize": "2K"}},
        system_instruction={"parts": []},
    )
    answer = call(gemini, "POST", "/v1/models/gemini-3-pro-image:generateContent", body)
    parts = answer.data["candidates"][0]["content"]["parts"]
    assert [bool(part.get("thought")) for part in parts] == [True, True, False, False]
    assert parts[-1]["thoughtSignature"]
    assert answer.data["usageMetadata"]["candidatesTokenCount"] == 1120
    assert gemini.charged()[0]["size"] == "2K"


@pytest.mark.parametrize("form", ["JPG", "PNG", "WEBP"])
def test_it_makes_real_pictures_of_which_no_two_are_the_same(form):
    from studio.providers.base import Picture

    one, other = (picture(96, 64, form, mark) for mark in ("one", "other"))
    assert one != other
    assert size_of(Picture(one, "")) == (96, 64)
    assert size_of(Picture(picture(96, 64, form, "x", words="Nova on the roof"), "")) == (96, 64)
    assert len(bomb()) < 200_000


def test_it_weighs_what_a_photograph_weighs(runware):
    runware.weight = 300_000
    assert 150_000 < len(drawn(runware, asked("runware"), attempt()).pictures[0].data) < 600_000


def test_it_knows_how_many_were_under_way_and_how_many_came_in_a_while(emulator):
    for _ in range(3):
        drawn(emulator)
    assert emulator.peak == 1
    assert emulator.busiest() == len(emulator.calls)
    for n, call_ in enumerate(emulator.calls):
        call_.at = n * 40.0
    assert emulator.busiest(60) == 2


def test_it_stands_beside_the_studio_as_a_command():
    begun = [sys.executable, "-m", "tests.emulators", "--runware", "0", "--gemini", "0", "--latency", "0"]
    with subprocess.Popen(begun, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        told = [running.stdout.readline() for _ in range(2)]
        base = told[0].split()[0].removeprefix("RUNWARE_BASE_URL=")
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(base, b"[]")
        running.terminate()
        ended = running.stdout.read()
    assert caught.value.code == 401
    assert told[1].startswith("WISDOM_GATE_BASE_URL=http://127.0.0.1:")
    assert "runware: 0 pictures, $0.0000" in ended
    assert running.returncode == 0
