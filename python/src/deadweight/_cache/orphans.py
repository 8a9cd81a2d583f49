"""Processes that read a table which is no more.

Somebody removes the file, a clean-up at log-out for example, and the next process that joins makes a new one. Those that have
the old one mapped would be reached by no clear, and nobody would know. So who makes a table looks for them once and gives them
rows: a clear then names them as missing.
"""

import os
from typing import List


def orphans_of(folder: str, inode: int) -> List[int]:
    """Processes that have another file of this folder mapped than the one with this inode. Those of other users are not seen."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid() and _maps_another(int(name), folder, inode):
            found.append(int(name))
    return found


def _maps_another(pid: int, folder: str, inode: int) -> bool:
    # One of six fields, the path, may hold spaces; it stands last.
    beginning = os.fsencode(folder) + b"/table"
    try:
        with open("/proc/%d/maps" % pid, "rb") as file:
            fields = [line.split(None, 5) for line in file if beginning in line]
    except OSError:
        return False
    return any(len(each) == 6 and each[5].startswith(beginning) and int(each[4]) != inode for each in fields)
