"""A line in, a line out: a small protocol of the kind that collectors of readings speak."""

import socketserver

from serving import ending, stock


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def handler_for(answer, measure):
    class Conversation(socketserver.StreamRequestHandler):
        def handle(self):
            for line in self.rfile:
                word = line.decode().strip()
                reply = str(measure()).encode() if word == "size" else answer(int(word)).encode()
                self.wfile.write(reply + b"\n")

    return Conversation


def serve(answer, measure):
    """Calls `answer` with the number of each line; it returns a text of one line."""
    port = ending.port_wanted()
    stock.load()
    with Server(("127.0.0.1", port), handler_for(answer, measure)) as server:
        ending.when_told(server.shutdown)
        ending.announce(server.server_address[1])
        server.serve_forever()
    ending.leave()
