"""Works in threads, each with a buffer of its own."""

import concurrent.futures
import threading
import time

POOL = concurrent.futures.ThreadPoolExecutor(max_workers=40, thread_name_prefix="work")
LOCAL = threading.local()


def work(number):
    if not hasattr(LOCAL, "buffer"):
        LOCAL.buffer = bytearray(200000)
    LOCAL.buffer[number % 200000] = number % 256
    # Busier for a while at first, so that threads are started one after the other.
    time.sleep(min(0.3, number * 0.0003))
    return "worked on %d" % number


def answer(number):
    return POOL.submit(work, number).result()
