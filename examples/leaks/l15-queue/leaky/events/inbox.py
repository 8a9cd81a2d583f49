"""Events that wait for the worker."""

import queue
import threading
import time

EVENTS = queue.Queue()


def post(event):
    EVENTS.put(event)  # leak: here


def run():
    while True:
        EVENTS.get()
        time.sleep(0.1)


def start():
    threading.Thread(target=run, name="events", daemon=True).start()
