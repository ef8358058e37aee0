"""Run in the environment of hiapi: one picture, the same key again, and one refusal. Arguments: base URL, key, panel as JSON."""

import json
import sys
import urllib.request

from hiapi import HiAPI, HiAPIError

base, key, panel = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
asked = {
    "prompt": panel["prompt"], "aspect_ratio": panel["aspect"], "image_input": panel["links"], "resolution": panel["size"],
    "output_format": "jpg",
}  # fmt: skip
client = HiAPI(api_key=key, base_url=f"{base}/v1")
task = client.tasks.run(model=panel["model"], input=asked, idempotency_key="the-official-client", poll_interval=0.05)
again = client.tasks.create(model=panel["model"], input=asked, idempotency_key="the-official-client")
size = len(urllib.request.urlopen(task.output[0].url).read())
try:
    HiAPI(api_key="a-wrong-key", base_url=f"{base}/v1").tasks.list()
    refused = ""
except HiAPIError as error:
    refused = type(error).__name__
print(json.dumps({"bytes": size, "same_task": again.task_id == task.task_id, "refused": refused}))
