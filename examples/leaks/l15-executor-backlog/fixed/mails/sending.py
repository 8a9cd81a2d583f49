"""Sends mails in a pool of threads; whoever comes when it is full is told so."""

import concurrent.futures
import threading
import time

POOL = concurrent.futures.ThreadPoolExecutor(max_workers=2, thread_name_prefix="mails")
PLACES = threading.BoundedSemaphore(20)


def send(mail):
    try:
        time.sleep(0.1)
        return len(mail)
    finally:
        PLACES.release()


def backlog():
    return POOL._work_queue.qsize()


def answer(number):
    if not PLACES.acquire(blocking=False):
        return "try again later"
    POOL.submit(send, ["paragraph %d of mail %d" % (part, number) for part in range(50)])
    return "will be sent"
