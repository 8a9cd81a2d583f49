"""A process that never stays the same: forks and waits, executes itself again, or maps and drops memory.

Usage: restless.py fork|exec|grow
"""
import os
import sys
import threading
import time

change = sys.argv[1]
again = len(sys.argv) > 2
if not again:
    print("ready", flush=True)
    time.sleep(0.05)
# Ends with the test that started it, even if that one is killed.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
if change == "exec":
    time.sleep(0.12)
    os.execv(sys.executable, [sys.executable, __file__, "exec", "again"])
blocks = []
while True:
    if change == "fork":
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        time.sleep(0.001)
    else:
        blocks.append(bytearray(1 << 20))
        if len(blocks) > 60:
            del blocks[:]
        time.sleep(0.002)
