"""Print jobs; when too many wait, the next are turned away."""

import queue
import threading
import time

JOBS = queue.Queue(maxsize=300)


def run():
    while True:
        JOBS.get()
        time.sleep(0.05)


def start():
    threading.Thread(target=run, name="printer", daemon=True).start()


def answer(number):
    try:
        JOBS.put_nowait({"number": number, "pages": ["page %d of job %d" % (page, number) for page in range(50)]})
    except queue.Full:
        return "try again later"
    return "will be printed"
