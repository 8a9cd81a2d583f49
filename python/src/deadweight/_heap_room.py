"""Is there memory for a snapshot? Asked before anything is begun: in a container, a wrong answer kills the program."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: A child that looks at every object gets pages of its own for them: measured 0.75 to 0.8 of the resident memory.
SHARE_OF_CHILD = 0.8
#: Blocks in the making, remembered addresses.
_OWN_BYTES = 96 << 20
_GROUPS = "/sys/fs/cgroup"


class SnapshotRefused(RuntimeError):
    """Nothing was done, and the program is as it was; the text says why and what to do."""


def check(needed: int) -> None:
    """Raises SnapshotRefused when the machine or the control group cannot give as many bytes."""
    found = available_bytes()
    if found is not None and needed > found:
        raise SnapshotRefused(
            "a snapshot from inside may take %d MiB of memory, and %d MiB are available: read the process from outside,"
            " or give it more memory" % (needed >> 20, max(0, found) >> 20)
        )


def needed_by_child() -> int:
    return int(resident_bytes() * SHARE_OF_CHILD) + _OWN_BYTES


def needed_in_process(objects: int) -> int:
    """The list of all objects, twice while it is made, and what the walk itself takes."""
    return objects * 16 + _OWN_BYTES


def resident_bytes() -> int:
    """0 where the system does not say."""
    fields = _read("/proc/self/statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if len(fields) > 1 else 0


def anonymous_bytes() -> int:
    """What a sleeping copy of this process can cost at most: all of its memory that the program may write to meanwhile."""
    for line in _read("/proc/self/status").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return resident_bytes()


def available_bytes() -> int | None:
    """What may still be taken; None where nobody knows."""
    known = [each for each in (_machine(), *_headrooms()) if each is not None]
    return min(known) if known else None


def _machine() -> int | None:
    for line in _read("/proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _headrooms() -> Iterator[int]:
    """What each control group on the way up still allows, of version 2 and 1."""
    for line in _read("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        parts = [part for part in path.split("/") if part not in ("", "..")]
        groups = ["/".join(parts[:end]) for end in range(len(parts) + 1)]
        if controllers == "":
            for group in groups:
                yield from _headroom("%s/%s" % (_GROUPS, group), "memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            for group in groups:
                folder = "%s/memory/%s" % (_GROUPS, group)
                yield from _headroom(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def _headroom(folder: str, limit_name: str, used_name: str, reclaimable_name: str) -> Iterator[int]:
    limit, used = _read("%s/%s" % (folder, limit_name)).strip(), _read("%s/%s" % (folder, used_name)).strip()
    # Version 1 says "no limit" with a number beyond all memory.
    if not limit.isdigit() or not used.isdigit() or int(limit) >= 1 << 60:
        return
    words = [line.split() for line in _read(folder + "/memory.stat").splitlines()]
    reclaimable = sum(int(row[1]) for row in words if len(row) == 2 and row[0] == reclaimable_name)
    yield int(limit) - int(used) + reclaimable


def _read(path: str) -> str:
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return ""
    try:
        return os.read(file, 1 << 16).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        os.close(file)
