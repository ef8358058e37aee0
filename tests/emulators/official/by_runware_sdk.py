"""Run in the environment of runware-sdk: one picture, and one refusal. Arguments: base URL, key, panel as JSON."""

import asyncio
import json
import sys
import urllib.request
import uuid

from runware import Runware, RunwareError

base, key, panel = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


async def draw(with_key):
    client = Runware(api_key=with_key, transport="rest", http_base_url=base, max_retries=0)
    try:
        task = {
            "taskType": "imageInference", "taskUUID": str(uuid.uuid4()), "model": panel["model"], "positivePrompt": panel["prompt"],
            "width": panel["width"], "height": panel["height"], "seed": panel["seed"], "numberResults": 1, "outputType": "URL",
            "outputFormat": "JPG", "includeCost": True, "inputs": {"referenceImages": panel["data_uris"]},
            "settings": {"systemPrompt": panel["system"]}, "providerSettings": {"google": {"webSearch": True}},
        }  # fmt: skip
        return await client.run(task)
    finally:
        await client.close()


results = asyncio.run(draw(key))
result = results[0] if isinstance(results, list) else results
size = len(urllib.request.urlopen(result["imageURL"]).read())
try:
    asyncio.run(draw("a-wrong-key"))
    refused = ""
except RunwareError as error:
    refused = f"RunwareError {error.code}"
print(json.dumps({"bytes": size, "cost": result.get("cost"), "refused": refused}))
