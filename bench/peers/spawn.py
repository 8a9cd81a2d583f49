"""Runs a command and prints what it cost, children included: spawn.py LIMIT_SECONDS OUTPUT_FILE COMMAND...

Node cannot tell (child_process has no wait4), and it would spoil the figure: ru_maxrss of a process starts at the size of
the one that made it, and Node's is ten times that of this one.
After LIMIT_SECONDS, or on SIGTERM, the command is asked to end, and made to five seconds later.
"""

import json
import os
import signal
import sys
import time

limit, output, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
streams = [
    (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    (os.POSIX_SPAWN_OPEN, 2, output + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
]
start = time.perf_counter()
# A group of its own, so that what it starts can be ended with it.
pid = os.posix_spawnp(command[0], command, os.environ, file_actions=streams, setpgroup=0, setsigdef=[signal.SIGINT])
stopped = []


def stop(number, _):
    """Both an alarm and SIGTERM come here; the second time there is no mercy."""
    try:
        os.killpg(pid, signal.SIGKILL if stopped else signal.SIGINT)
    except ProcessLookupError:
        pass
    stopped.append(number)
    signal.alarm(5)


signal.signal(signal.SIGALRM, stop)
signal.signal(signal.SIGTERM, stop)
signal.alarm(limit)
_, status, usage = os.wait4(pid, 0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.alarm(0)
if stopped:
    try:
        os.killpg(pid, signal.SIGKILL)  # what it started and left behind
    except ProcessLookupError:
        pass
print(
    json.dumps(
        {
            "exitCode": os.waitstatus_to_exitcode(status) if hasattr(os, "waitstatus_to_exitcode") else status >> 8,
            "stopped": bool(stopped),
            "wallSeconds": time.perf_counter() - start,
            "cpuSeconds": usage.ru_utime + usage.ru_stime,
            "peakMib": usage.ru_maxrss / 1024,
        }
    )
)
