"""The process that opens untrusted pictures: `python -m studio.media.child BYTES SECONDS`, over stdin and stdout.

In: 4 bytes length, the file. Out: 4 bytes length, a JSON head, then the renditions' bytes in the head's order. It
writes no files, inherits no secrets, and dies of its own limits: address space once, processor time for each file.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

MEMORY = 1024**3  # bytes of address space beyond what the started process has
CPU_SECONDS = 10  # for each file
LENGTH = struct.Struct(">I")


def main() -> None:
    os.nice(int(os.environ.get("NICE", "0")))
    arriving, leaving = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not enter the conversation
    from PIL import Image

    from studio.media import decode

    Image.MAX_IMAGE_PIXELS = None  # decode.check is stricter, and names the number
    memory, seconds = (int(given) for given in sys.argv[1:3])
    limit_memory(memory)
    while data := read_frame(arriving):
        limit_cpu(seconds)
        head, blobs = answer(data, decode)
        write(leaving, head, blobs)
        if head.get("refused") == "memory":
            return  # a heap that once ran out is not handed the next file


def answer(data: bytes, decode: Any) -> tuple[dict[str, Any], list[bytes]]:
    """The head and the blobs for one file. Never raises: what a broken file makes Pillow raise can't be foreseen."""
    try:
        from studio.media import asked

        if data.startswith(asked.MARK):
            head, blob = asked.answer(data)
            return {**head, "files": [["made", len(blob), 0, 0]] if blob else []}, [blob] if blob else []
        found = decode.decode(data)
    except decode.Unfit as unfit:
        return {"refused": unfit.code, "facts": unfit.facts}, []
    except MemoryError:
        return {"refused": "memory"}, []
    except Exception as error:
        said = str(error).lower()
        cut = "truncated" in said or "unexpected end" in said or "broken data stream" in said
        return {"refused": "truncated" if cut else "unreadable", "error": f"{type(error).__name__}: {error}"[:300]}, []
    head = found._asdict()
    files = head.pop("files")
    head["measures"] = found.measures._asdict()
    head["files"] = [[spec, len(blob), width, height] for spec, (blob, width, height) in files.items()]
    return head, [blob for blob, _, _ in files.values()]


def limit_memory(beyond: int) -> None:
    """Where the system keeps the promise: macOS takes the call or refuses it, and enforces nothing."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/statm") as statm:
            base = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (base + beyond, base + beyond))


def limit_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + seconds
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def read_frame(stream: BinaryIO) -> bytes:
    """One length-prefixed frame; empty at the end of the stream."""
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def write(stream: BinaryIO, head: dict[str, Any], blobs: list[bytes]) -> None:
    body = json.dumps(head).encode()
    stream.write(LENGTH.pack(len(body)) + body)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


if __name__ == "__main__":
    main()
