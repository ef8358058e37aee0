"""The web server: gunicorn, one process, sixteen threads, on this machine's own address. `python -m studio.lib.web`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.app.base import BaseApplication

from studio.lib import env

THREADS = 16
DRAINED = 64 * 1024 * 1024  # of a body too large, so that the browser hears the answer instead of a broken line

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def capped(application: Wsgi, most: int) -> Wsgi:
    """Refuse a body of more than `most` bytes before anything of it is kept. Django ignores bodies without a length."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)  # the server has checked that it is a number
        if length <= most:
            return application(environ, start_response)
        left = min(length, DRAINED)
        while left > 0 and (piece := environ["wsgi.input"].read(min(left, 1 << 20))):
            left -= len(piece)
        words = f"This is larger than {most // (1 << 20)} MB, the most that one request may bring.".encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(words)))]
        if length > DRAINED:
            headers.append(("Connection", "close"))
        start_response("413 Content Too Large", headers)
        return [words]

    return answer


class Web(BaseApplication):
    def load_config(self) -> None:
        for name, value in {
            "bind": f"127.0.0.1:{env.number('PORT', 8000)}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "timeout": 120,
            "graceful_timeout": 8,
            "keepalive": 5,
            "loglevel": "warning",
            "accesslog": "-" if env.flag("STUDIO_ACCESS_LOG") else None,
            "control_socket_disable": True,  # nothing but HTTP may steer it
            "proc_name": "studio web",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Wsgi:
        from django.conf import settings

        from studio.wsgi import application

        return capped(application, settings.UPLOAD_BYTES + (1 << 20))


if __name__ == "__main__":
    Web().run()
