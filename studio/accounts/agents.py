"""What a browser calls itself, in words: "Firefox on Linux". Good enough to recognise one's own; nothing rests on it."""

from __future__ import annotations

from typing import NamedTuple

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
            ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
           ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
SMALL = {"iPhone", "iPad", "Android"}


class Agent(NamedTuple):
    name: str
    icon: str


def describe(user_agent: str) -> Agent:
    """The order of the tables matters: Edge calls itself Chrome, and both call themselves Safari."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return Agent(f"{browser} on {system}" if system else browser, "smartphone" if system in SMALL else "monitor")
