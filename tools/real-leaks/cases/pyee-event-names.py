"""An event per job, its listeners removed afterwards: the name stays with an empty table (jfhbrook/pyee PR #209)."""

from pyee.base import EventEmitter

EVENTS = EventEmitter()
calls = 0


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        done = f"job-{calls}-done"
        EVENTS.on(done, print)
        EVENTS.remove_all_listeners(done)


def held():
    return len(EVENTS._events)
