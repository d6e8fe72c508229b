"""A server that speaks as OpenAI's chat completions and behaves well or badly, as its path says."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 4.0  # seconds after which a bad server ends the connection by itself


def completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps({"object": "chat.completion", "choices": [{"index": 0, "message": message}]}).encode()


class LanguageModel:
    """What the server says, and what it was asked."""

    def __init__(self) -> None:
        self.says = "The ship was freed [1]."
        self.requests: list[tuple[str, dict[str, str], dict[str, object]]] = []  # path, headers, body
        self.url = ""
        self.hung_up = threading.Event()  # set when a client closes the connection before the end

    @property
    def passages(self) -> list[dict[str, object]]:
        """The passages of the last request."""
        return self.question["passages"]

    @property
    def question(self) -> dict[str, object]:
        return json.loads(self.requests[-1][2]["messages"][1]["content"])


@contextlib.contextmanager
def running() -> Iterator[LanguageModel]:
    model = LanguageModel()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def reply(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def drip(self, piece: bytes) -> None:
            until = time.monotonic() + PATIENCE
            try:
                while time.monotonic() < until:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                model.hung_up.set()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            model.requests.append((self.path, dict(self.headers), json.loads(body)))
            kind = self.path.split("/")[1]
            if kind == "v1":
                self.reply(200, completion(model.says))
            elif kind == "slowly":  # all of it comes in the end
                whole = completion(model.says)
                self.send_response(200)
                self.send_header("Content-Length", str(len(whole)))
                self.end_headers()
                for at in range(0, len(whole), 20):
                    self.wfile.write(whole[at : at + 20])
                    self.wfile.flush()
                    time.sleep(0.01)
            elif kind == "drip":
                self.send_response(200)
                self.end_headers()
                self.drip(b" ")
            elif kind == "headers":
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                self.drip(b"X: 1\r\n")
            elif kind == "hang":
                time.sleep(PATIENCE)
            elif kind == "redirect":
                self.reply(307, b"", Location=f"{model.url}/v1/chat/completions")
            elif kind == "packed":
                self.reply(200, gzip.compress(completion(model.says)), Content_Encoding="gzip")
            elif kind == "huge":
                self.reply(200, completion("x" * 3_000_000))
            elif kind == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(completion(model.says)[:50])
            elif kind == "nothing":
                pass  # the connection ends without a word
            elif kind == "raw":
                self.reply(200, model.says.encode("utf-8", "surrogatepass"))
            elif kind == "refused":
                self.reply(404, model.says.encode())
            else:
                self.reply(500, b"<html>Internal \x1b[31m error</html>")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    model.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
