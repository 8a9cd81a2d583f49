# Threads that parse JSON and allocate beside a main thread: what code from outside is run in the middle of.

import json
import sys
import threading
import time

calls = []


def work():
    while True:
        json.loads(json.dumps({"values": list(range(100)), "text": "x" * 200}))


for _ in range(int(sys.argv[1])):
    threading.Thread(target=work, daemon=True).start()
print("ready", flush=True)
while True:
    sum(range(1000))
    time.sleep(0)
