"""A script without modules: it keeps what each visitor looked at, the latest hundred of them."""

import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HISTORY = {}
MOST_VISITORS = 100
LOCK = threading.Lock()
ARTICLES = [{"sku": "sku-%d" % number, "text": "words about article %d" % number * 20} for number in range(10000)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self):
        if self.path == "/-/size":
            body = str(len(HISTORY))
        else:
            body = self.visit(int(self.path.rpartition("/")[2]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def visit(self, number):
        article = ARTICLES[number % len(ARTICLES)]
        seen = ["%s at %d, page %d" % (article["sku"], number, page) for page in range(60)]
        with LOCK:
            HISTORY["visitor-%d" % number] = seen
            while len(HISTORY) > MOST_VISITORS:
                del HISTORY[next(iter(HISTORY))]
        return "%d pages" % len(seen)

    def log_message(self, *arguments):
        """One line per request would only be noise here."""


def stop_at_end_of_input():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print("listening on http://127.0.0.1:%d" % server.server_address[1], flush=True)
    threading.Thread(target=stop_at_end_of_input, daemon=True).start()
    server.serve_forever()
