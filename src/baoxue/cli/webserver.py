"""Gunicorn with our application and our settings, without a file of its own."""

from __future__ import annotations

from typing import Any

from django.db import connection
from gunicorn.app.base import BaseApplication

# A request never takes over a second by design; a large upload on a slow line does.
_TIMEOUT = 300
_THREADS = 4


class WebServer(BaseApplication):  # type: ignore[misc]  # the library has no types
    """The web server of one installation, on one address."""

    def __init__(self, *, host: str, port: int, processes: int) -> None:
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": processes,
            "threads": _THREADS,
            "worker_class": "gthread",
            "timeout": _TIMEOUT,
            "graceful_timeout": 10,
            "keepalive": 5,
            "preload_app": True,
            "proc_name": "baoxue",
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_fork": _begin_anew,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our options over."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application."""
        from baoxue.web.wsgi import application

        return application


def _begin_anew(_arbiter: object, _worker: object) -> None:
    """A connection made before the fork belongs to the parent: two processes on one would garble it."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
