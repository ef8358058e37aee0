"""Run in the environment of runware-sdk: many pictures, so many at once, each fetched and written to disk.

Arguments: base URL, key, how many, at once, folder, and `opened` where each is to be opened as well. Prints seconds, processor seconds, and the most memory in MB.
"""

import asyncio
import json
import resource
import sys
import time
import uuid
from pathlib import Path

import aiohttp
from runware import Runware

base, key, count, at_once, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5])
opening = None
if sys.argv[6:] == ["opened"]:
    from opening import Opening

    opening = Opening()


async def main():
    client = Runware(api_key=key, transport="rest", http_base_url=base)
    places = asyncio.Semaphore(at_once)
    async with aiohttp.ClientSession() as session:

        async def one(n):
            async with places:
                task = {
                    "taskType": "imageInference", "taskUUID": str(uuid.uuid4()), "model": "google:4@3", "positivePrompt": f"A ferry at night, panel {n}",
                    "width": 1376, "height": 768, "numberResults": 1, "outputType": "URL", "outputFormat": "JPG", "includeCost": True,
                }  # fmt: skip
                results = await client.run(task)
                result = results[0] if isinstance(results, list) else results
                async with session.get(result["imageURL"]) as answer:
                    data = await answer.read()
            (folder / f"{n}.jpg").write_bytes(data)
            if opening:
                opening.begin(folder / f"{n}.jpg")
            return len(data)

        began = time.perf_counter()
        sizes = await asyncio.gather(*(one(n) for n in range(count)))
        if opening:
            await opening.over()
        seconds = time.perf_counter() - began
    await client.close()
    return sizes, seconds


sizes, seconds = asyncio.run(main())
used = resource.getrusage(resource.RUSAGE_SELF)
cpu, memory = opening.close() if opening else (0.0, 0.0)
print(json.dumps({"pictures": len(sizes), "bytes": sum(sizes), "seconds": seconds, "cpu": used.ru_utime + used.ru_stime + cpu, "memory": used.ru_maxrss / 1024 + memory}))  # fmt: skip
