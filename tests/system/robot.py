"""A robot of a group, on this machine: takes what is written to it and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass(slots=True)
class Robot:
    """`taken`: what came, as JSON, with the path it came to. `answer`: status and body of what it answers."""

    address: str = ""
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answer: tuple[int, dict[str, Any]] = (200, {"errcode": 0, "code": 0})
    headers: dict[str, str] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """The texts that came."""
        return [json.dumps(body, ensure_ascii=False) for _, body in self.taken]


@contextmanager
def robot() -> Iterator[Robot]:
    """A robot for a while."""
    made = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.taken.append((self.path, json.loads(body)))
            status, said = made.answer
            self.send_response(status)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            """Says nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.address = f"http://127.0.0.1:{server.server_port}/cgi-bin/webhook/send?key=only-for-tests"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        server.shutdown()
        thread.join()
