"""Runs a program on a terminal of its own. Its output goes to stdout as it is; stdin takes one JSON document per line:
{"keys": TEXT}, {"resize": [COLUMNS, ROWS]}, {"signal": NUMBER}. Exits with the program's exit code, 128 + N for signal N.

pty-driver.py COLUMNS ROWS PROGRAM [ARGUMENT...]
"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios

columns, rows = int(sys.argv[1]), int(sys.argv[2])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])


def resize(columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(columns, rows)
pending = b""
sources = [terminal, 0]
while terminal in sources:
    for source in select.select(sources, [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:
            data = b""
        if not data:
            sources.remove(source)
        elif source == terminal:
            os.write(1, data)
        else:
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                order = json.loads(line)
                if "keys" in order:
                    os.write(terminal, order["keys"].encode())
                if "resize" in order:
                    resize(*order["resize"])
                if "signal" in order:
                    os.kill(pid, order["signal"])
status = os.waitpid(pid, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
