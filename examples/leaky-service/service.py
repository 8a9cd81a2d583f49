#!/usr/bin/env python3
"""A small HTTP service that is healthy by default and leaks on request. Python 3.8+, standard library only.

    python3 service.py --port 0 --sessions

Prints its address on the first line and serves until it is stopped.
"""

import argparse
import gc
import itertools
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from app import graph, pricing, reports, sessions

VISITS = itertools.count()


def read_switches():
    parser = argparse.ArgumentParser(description="A small service that leaks on request.")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    parser.add_argument("--sessions", action="store_true", help="never forget a session")
    parser.add_argument("--cache", action="store_true", help="cache prices by moment, without bound")
    parser.add_argument("--closure", action="store_true", help="keep all rows alive in every summary")
    parser.add_argument("--cycles", action="store_true", help="switch the cycle collector off")
    return parser.parse_args()


def visit(user, switches):
    """What one visit of a user does."""
    number = next(VISITS)
    session = sessions.log_in(user)
    if switches.cache:
        price = pricing.quote_at("sku-%d" % (number % 50), number)
    else:
        price = pricing.quote("sku-%d" % (number % 50))
    answer = {"token": session.token, "price": price.lines[0], "also": graph.recommend("article-%d" % (number % 50))}
    if number % 20 == 0:
        answer["report"] = reports.publish("region-%d" % (number % 7), switches.closure)
    sessions.log_out(session, forget=not switches.sessions)
    return answer


def make_handler(switches):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave in one packet; two would wait 40 ms for each other.
        wbufsize = -1

        def do_GET(self):
            request = urlsplit(self.path)
            if request.path != "/visit":
                self.send_error(404)
                return
            user = parse_qs(request.query).get("user", ["guest"])[0]
            body = json.dumps(visit(user, switches)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """One line per request would only be noise here."""

    return Handler


def main():
    switches = read_switches()
    if switches.cycles:
        gc.disable()
    with ThreadingHTTPServer(("127.0.0.1", switches.port), make_handler(switches)) as server:
        print("listening on http://127.0.0.1:%d" % server.server_address[1], flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
