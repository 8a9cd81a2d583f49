# A service whose worker thread keeps what failed, and says so twice: in its own list and in the log. Nothing here is a global
# but the log: the worker is a local of main(), and only `threading` knows it.
import logging
import queue
import sys
import threading


class Keep(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


class Worker(threading.Thread):
    def __init__(self, name, inbox):
        super().__init__(name=name, daemon=True)
        self.inbox = inbox
        self.failures = []

    def run(self):
        while True:
            job = self.inbox.get()
            try:
                handle(job)
            except ValueError as error:
                self.failures.append((job, error))
                log.error("job failed", exc_info=sys.exc_info())
            self.inbox.task_done()


def handle(job):
    rows = [bytes(2000 + number) for number in range(100)]
    raise ValueError(len(rows))


log = logging.getLogger("service")
log.addHandler(Keep())
log.propagate = False


def main():
    inbox = queue.Queue()
    worker = Worker("worker-1", inbox)
    worker.start()
    while True:
        for job in range(20):
            inbox.put(job)
        inbox.join()
        print("ready", flush=True)
        if not sys.stdin.readline():
            return


main()
