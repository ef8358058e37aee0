"""Run in the environment of google-genai: one picture, and one refusal. Arguments: base URL, key, panel as JSON."""

import base64
import json
import sys

from google import genai
from google.genai import errors, types

base, key, panel = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


def draw(with_key):
    client = genai.Client(api_key=with_key, http_options=types.HttpOptions(base_url=base, api_version="v1beta"))
    pictures = [
        types.Part.from_bytes(data=base64.b64decode(uri.partition(",")[2]), mime_type="image/jpeg")
        for uri in panel["data_uris"]
    ]
    return client.models.generate_content(
        model=panel["model"],
        contents=types.Content(role="user", parts=[types.Part.from_text(text=panel["prompt"]), *pictures]),
        config=types.GenerateContentConfig(
            response_modalities=["TEXT", "IMAGE"],
            image_config=types.ImageConfig(aspect_ratio=panel["aspect"], image_size=panel["size"]),
            system_instruction=panel["system"],
            tools=[types.Tool(google_search=types.GoogleSearch())],
            seed=panel["seed"],
        ),
    )


parts = draw(key).candidates[0].content.parts
pictures = [part.inline_data.data for part in parts if part.inline_data and not part.thought]
try:
    draw("a-wrong-key")
    refused = ""
except errors.APIError as error:
    refused = f"{type(error).__name__} {error.code} {error.status}"
print(json.dumps({"bytes": len(pictures[0]), "pictures": len(pictures), "refused": refused}))
