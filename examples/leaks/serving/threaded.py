"""HTTP with one thread for each connection."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from serving import ending, stock


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def handler_for(answer, measure):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave in one packet; two would wait 40 ms for each other.
        wbufsize = -1

        def do_GET(self):
            if self.path == "/-/size":
                body = str(measure()).encode()
            else:
                body = answer(int(self.path.rpartition("/")[2])).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """One line per request would only be noise here."""

    return Handler


def serve(answer, measure):
    """Calls `answer` with the number of each request; it returns a text."""
    port = ending.port_wanted()
    stock.load()
    with Server(("127.0.0.1", port), handler_for(answer, measure)) as server:
        ending.when_told(server.shutdown)
        ending.announce(server.server_address[1])
        server.serve_forever()
    ending.leave()
