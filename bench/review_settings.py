"""The studio's settings with the bare view beside its own."""

from studio.settings import *  # noqa: F403

ROOT_URLCONF = "bench.review_urls"
