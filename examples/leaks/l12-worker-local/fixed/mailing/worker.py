"""Sends letters in the background."""

import queue
import threading

LETTERS = queue.Queue(maxsize=1000)
state = {"done": 0}


def run():
    done = []
    while True:
        letter = LETTERS.get()
        letter["sent"] = True
        done.append(letter)
        if len(done) >= 50:
            done = []
        state["done"] = len(done)


def start():
    threading.Thread(target=run, name="mailing", daemon=True).start()


def done_so_far():
    return state["done"]


def answer(number):
    LETTERS.put({"to": "user-%d" % number, "text": ["paragraph %d for %d" % (part, number) for part in range(50)]})
    return "queued"
