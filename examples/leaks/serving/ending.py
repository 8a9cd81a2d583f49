"""A service ends when its standard input is closed or when it is told to."""

import argparse
import os
import signal
import sys
import threading


def port_wanted():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    parser.add_argument("--fixed", action="store_true", help="run the twin that does not leak")
    return parser.parse_args().port


def when_told(stop):
    """Calls `stop` once, from a thread of its own, on SIGTERM, on SIGINT, or when standard input is closed."""
    told = threading.Event()

    def wait():
        told.wait()
        stop()

    def read_to_the_end():
        while os.read(sys.stdin.fileno(), 4096):
            pass
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    threading.Thread(target=wait, name="ending", daemon=True).start()
    threading.Thread(target=read_to_the_end, name="stdin", daemon=True).start()


def announce(port):
    print("listening on http://127.0.0.1:%d" % port, flush=True)


def leave():
    """Ends without waiting for what is still open: connections, workers, registered callbacks."""
    sys.stdout.flush()
    os._exit(0)
