"""Sends mails in a pool of threads."""

import concurrent.futures
import time

POOL = concurrent.futures.ThreadPoolExecutor(max_workers=2, thread_name_prefix="mails")


def send(mail):
    time.sleep(0.1)
    return len(mail)


def backlog():
    return POOL._work_queue.qsize()


def answer(number):
    POOL.submit(send, ["paragraph %d of mail %d" % (part, number) for part in range(50)])  # leak: here
    return "will be sent"
