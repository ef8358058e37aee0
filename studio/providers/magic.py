"""What bytes say they are by their first few. The full decode is media.intake's, in a child process."""

from __future__ import annotations


def picture_type(data: bytes) -> str:
    """image/png, image/jpeg or image/webp; "" for everything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return ""
