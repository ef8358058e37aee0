"""The same panel as each service gets it, key by key. What differs from the official clients is ours by choice: docs/providers.md."""

import base64

import pytest

from studio.providers import catalog
from studio.providers.base import ProviderError
from studio.providers.gemini import body
from tests.providers.engines import asked, attempt, drawn, link, posts

SYSTEM = "Keep every face as in its reference."


def panel(engine, **more):
    return asked(engine, references=2, seed=41, **{"system": SYSTEM, "web_search": True, **more})


def test_it_sends_runware_one_task_in_an_array(runware):
    key = attempt()
    drawn(
        runware,
        panel("runware", size="2K", thinking="HIGH", temperature=0.5, top_p=0.9, safety_tolerance="off", ttl=600),
        key,
    )
    (call,) = [call for call in runware.calls if call.body and call.body[0]["taskType"] == "imageInference"]
    assert call.body == [
        {
            "taskType": "imageInference",
            "taskUUID": key,
            "model": "google:4@3",
            "positivePrompt": "Nova on the roof at dawn",
            "width": 2752,
            "height": 1536,
            "seed": 41,
            "inputs": {"referenceImages": list(runware.media)},
            "settings": {"systemPrompt": SYSTEM, "temperature": 0.5, "topP": 0.9, "thinking": "HIGH"},
            "providerSettings": {"google": {"safetyTolerance": "off", "webSearch": True}},
            # ours by choice; the official client leaves these to the service
            "numberResults": 1,
            "outputType": "URL",
            "outputFormat": "JPG",
            "outputQuality": 95,
            "includeCost": True,
            "ttl": 600,
            "deliveryMethod": "async",
        }
    ]
    assert call.headers["authorization"] == f"Bearer {runware.key}"
    assert call.headers["content-type"] == "application/json"


def test_it_asks_runware_with_the_original_task(runware):
    key = attempt()
    drawn(runware, key=key)
    polls = [call.body for call in runware.calls if call.body and call.body[0]["taskType"] == "getResponse"]
    assert polls[0] == [{"taskType": "getResponse", "taskUUID": key}]


def test_it_lets_the_reference_give_the_ratio_where_asked(runware):
    drawn(runware, asked("runware", references=1, follow_reference=True, size="2K"))
    sent = posts(runware)[0]
    assert sent["resolution"] == "2K"
    assert not {"width", "height"} & sent.keys()
    drawn(runware, asked("runware", follow_reference=True))
    assert {"width", "height"} <= posts(runware)[1].keys()


def test_it_sends_no_option_to_a_model_that_has_it_not(runware):
    drawn(runware, asked("runware", model="google:4@2", thinking="HIGH", image_search=True, colour="red"))
    drawn(runware, asked("runware", model="google:4@1", system=SYSTEM, web_search=True, thinking="HIGH", aspect="21:9"))
    for sent in posts(runware):
        assert not {"settings", "providerSettings"} & sent.keys()
    assert [(sent["width"], sent["height"]) for sent in posts(runware)] == [(1376, 768), (1536, 672)]


def test_it_sends_runware_every_option_that_the_model_has(runware):
    request = asked("runware", seed=2**40 + 5, image_search=True, format="PNG", quality=80, results=2, thinking="LOW")
    drawn(runware, request)
    (sent,) = posts(runware)
    assert (sent["outputFormat"], sent["outputQuality"], sent["numberResults"], sent["seed"]) == ("PNG", 80, 2, 5)
    assert sent["providerSettings"] == {"google": {"imageSearch": True}}
    assert "settings" not in sent  # it has no such way of thinking


def test_it_hands_runware_a_reference_as_its_page_says(runware):
    drawn(runware, asked("runware", references=1))
    sent = runware.calls[0].body[0]
    assert sent.keys() == {"taskType", "taskUUID", "operation", "media"}
    assert (sent["taskType"], sent["operation"]) == ("mediaStorage", "upload")
    assert sent["media"].startswith("data:image/jpeg;base64,")


def test_it_sends_hiapi_a_model_and_its_input(hiapi):
    key = attempt()
    request = panel("hiapi", callback="https://studio.example/callback")
    drawn(hiapi, request, key)
    assert posts(hiapi) == [
        {
            "model": "Nano-Banana-Pro",
            "input": {
                "prompt": "Nova on the roof at dawn",
                "aspect_ratio": "16:9",
                "image_input": [link(one, key) for one in request.references],
                "resolution": "1K",
                "output_format": "jpg",
            },
            "callback": {"url": "https://studio.example/callback", "when": "final"},
        }
    ]
    create = hiapi.calls[0]
    assert (create.method, create.path) == ("POST", "/v1/tasks")
    assert create.headers["authorization"] == f"Bearer {hiapi.key}"
    assert create.headers["idempotency-key"] == key


def test_it_never_sends_a_resolution_or_a_reference_to_the_flat_model(hiapi):
    drawn(hiapi, asked("hiapi", model="Nano-Banana"))
    assert posts(hiapi)[0]["input"] == {
        "prompt": "Nova on the roof at dawn", "aspect_ratio": "16:9", "output_format": "png",
    }  # fmt: skip
    for more in ({"size": "2K"}, {"references": 1}):
        with pytest.raises(ProviderError) as caught:
            drawn(hiapi, asked("hiapi", model="Nano-Banana", **more))
        assert (caught.value.kind, caught.value.charged) == ("invalid", False)
    assert len(posts(hiapi)) == 1


def test_it_sends_gemini_the_words_and_then_the_pictures_in_order(gemini):
    request = panel("gemini", size="2K", temperature=0.5, top_p=0.9)
    drawn(gemini, request)
    assert posts(gemini) == [
        {
            "contents": [
                {
                    "role": "user",
                    "parts": [
                        {"text": "Nova on the roof at dawn"},
                        *(
                            {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(one.data).decode()}}
                            for one in request.references
                        ),
                    ],
                }
            ],
            "systemInstruction": {"parts": [{"text": SYSTEM}]},
            "tools": [{"google_search": {}}],
            "generationConfig": {
                "responseModalities": ["TEXT", "IMAGE"],
                "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
                "seed": 41,
                "temperature": 0.5,
                "topP": 0.9,
            },
        }
    ]
    call = gemini.calls[0]
    assert call.path == "/v1beta/models/gemini-3-pro-image-preview:generateContent"
    assert call.headers["x-goog-api-key"] == gemini.key
    assert "authorization" not in call.headers


def test_it_asks_no_size_of_a_gemini_model_that_has_one_only():
    flat = catalog.get("gemini", "gemini-2.5-flash-image")
    sent = body(asked("gemini", model=flat.id, seed=2**40 + 5), flat)["generationConfig"]
    assert sent == {"responseModalities": ["TEXT", "IMAGE"], "imageConfig": {"aspectRatio": "16:9"}, "seed": 5}


def test_it_names_the_smallest_size_as_google_does(gemini):
    drawn(gemini, asked("gemini", model="gemini-3.1-flash-image-preview", size="0.5K"))
    assert posts(gemini)[0]["generationConfig"]["imageConfig"]["imageSize"] == "512"
