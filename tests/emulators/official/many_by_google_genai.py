"""Run in the environment of google-genai: many pictures, so many at once, each written to disk.

Arguments: base URL, key, how many, at once, folder, and `opened` where each is to be opened as well. Prints seconds, processor seconds, and the most memory in MB.
"""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from google import genai
from google.genai import types

base, key, count, at_once, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5])
opening = None
if sys.argv[6:] == ["opened"]:
    from opening import Opening

    opening = Opening()
client = genai.Client(api_key=key, http_options=types.HttpOptions(base_url=base, api_version="v1beta"))
config = types.GenerateContentConfig(
    response_modalities=["TEXT", "IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9", image_size="1K")
)


async def main():
    places = asyncio.Semaphore(at_once)

    async def one(n):
        async with places:
            told = await client.aio.models.generate_content(
                model="gemini-3.1-flash-image-preview", contents=f"A ferry at night, panel {n}", config=config
            )
        parts = told.candidates[0].content.parts
        data = next(part.inline_data.data for part in parts if part.inline_data and not part.thought)
        (folder / f"{n}.jpg").write_bytes(data)
        if opening:
            opening.begin(folder / f"{n}.jpg")
        return len(data)

    began = time.perf_counter()
    sizes = await asyncio.gather(*(one(n) for n in range(count)))
    if opening:
        await opening.over()
    return sizes, time.perf_counter() - began


sizes, seconds = asyncio.run(main())
used = resource.getrusage(resource.RUSAGE_SELF)
cpu, memory = opening.close() if opening else (0.0, 0.0)
print(json.dumps({"pictures": len(sizes), "bytes": sum(sizes), "seconds": seconds, "cpu": used.ru_utime + used.ru_stime + cpu, "memory": used.ru_maxrss / 1024 + memory}))  # fmt: skip
