"""Events that wait for the worker; what does not fit is counted and dropped."""

import queue
import threading
import time

EVENTS = queue.Queue(maxsize=50)
dropped = 0


def post(event):
    global dropped
    try:
        EVENTS.put_nowait(event)
    except queue.Full:
        dropped += 1


def run():
    while True:
        EVENTS.get()
        time.sleep(0.1)


def start():
    threading.Thread(target=run, name="events", daemon=True).start()
