"""A web hook that listens on this machine, and remembers what it was told."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, json.loads(body)))
        asked = self.path.partition("?")[0]
        if asked == "/nonsense":
            self.wfile.write(b"this is not HTTP\r\n\r\n")
            return
        for _ in range(8 if asked == "/slow" else 0):  # a byte now and then: no pause is long
            self.wfile.write(b"H")
            time.sleep(0.1)
        self.send_response(302 if asked == "/moved" else 500 if asked == "/broken" else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def hook(monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    server.told = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    monkeypatch.setenv("PLAINVIEW_WEBHOOK_HOSTS", "127.0.0.1, hooks.example.com")
    yield server
    server.shutdown()
    server.server_close()


def address(hook, path="/hook"):
    return f"http://127.0.0.1:{hook.server_port}{path}"
