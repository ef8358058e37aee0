"""Beside the scripts that ask for many pictures, in their environment: what a studio owes each picture besides keeping its bytes.

Opened in a process of its own, because its bytes are a stranger's, and written in the sizes that pages show. The sizes and
qualities are ours; nothing is measured, and no row is written.
"""

import asyncio
import os
import resource
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from PIL import Image

SIDES = (640, 320)


class Opening:
    """`begin(path)` for each picture as it comes, then `await over()`."""

    def __init__(self) -> None:
        self.pool = ProcessPoolExecutor(
            os.cpu_count(), initializer=os.nice, initargs=(19,)
        )  # whoever asks and fetches goes first
        list(self.pool.map(len, [""] * 8))  # begun
        self.under_way = []

    def begin(self, path: Path) -> None:
        self.under_way.append(asyncio.get_running_loop().run_in_executor(self.pool, opened, path))

    async def over(self) -> None:
        await asyncio.gather(*self.under_way)

    def close(self) -> tuple[float, float]:
        """Processor seconds and most memory in MB of its processes."""
        self.pool.shutdown()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime, (os.cpu_count() or 1) * used.ru_maxrss / 1024


def opened(path: Path) -> None:
    with Image.open(path) as file:
        picture = file.convert("RGB")
    picture.save(path.with_suffix(".provider.jpg"), quality=88)
    for side in SIDES:
        picture.thumbnail((side, side), Image.Resampling.HAMMING, reducing_gap=1.0)
        picture.save(path.with_suffix(f".{side}.webp"), quality=80, method=0)
