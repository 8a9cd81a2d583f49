"""The shop as a process that things happen to: at SIGUSR1 it does what its first word says."""

import os
import signal
import sys
import time

import shop

WHAT = sys.argv[1]
told = False


def on_signal(*_):
    global told
    told = True


def come_to_an_end():
    if WHAT == "exit":
        sys.exit(3)
    if WHAT == "kill":
        # As the kernel does when memory runs out.
        os.kill(os.getpid(), 9)
    if WHAT == "exec":
        os.execv("/bin/sleep", ["sleep", "60"])


def replace_child(child):
    """Each lives for a moment and is replaced by the next."""
    if child is not None and os.waitpid(child, os.WNOHANG)[0] == 0:
        return child
    child = os.fork()
    if child == 0:
        time.sleep(0.5)
        os._exit(0)
    return child


signal.signal(signal.SIGUSR1, on_signal)
print("ready", flush=True)
number = 0
child = None
while True:
    shop.visit(number)
    number += 1
    time.sleep(0.01)
    if told:
        come_to_an_end()
    if WHAT == "fork":
        child = replace_child(child)
