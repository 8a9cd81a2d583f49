"""What the caches of an application are called, in a file beside the table, so that a mistyped name can be told from a cache.

The table itself knows hashes only. A line per scope; of tags their templates, `tag:user:{user_id}`, and `tag:*` where a
function names them. Lines are added when a cache is declared, and never taken away.
"""

import os
from typing import TYPE_CHECKING, Iterable, List, Set

if TYPE_CHECKING:
    from .policy import Policy


class Names:
    """The file of one application. What cannot be written is left out: then the command does not check."""

    def __init__(self, folder: str) -> None:
        self._path = os.path.join(folder, "names")
        self._known = names_in(folder)

    def add(self, policies: "Iterable[Policy]") -> None:
        new = sorted({name for policy in policies for name in names_of(policy)} - self._known)
        if not new:
            return
        self._known.update(new)
        text = "".join(name + "\n" for name in new if "\n" not in name)
        try:
            # One write at the end of the file: lines of several processes do not run into each other.
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                os.write(fd, text.encode("utf-8", "surrogateescape"))
            finally:
                os.close(fd)
        except OSError:
            pass


def names_in(folder: str) -> "Set[str]":
    """What caches beside this table are called; nothing when that cannot be read."""
    try:
        with open(os.path.join(folder, "names"), encoding="utf-8", errors="surrogateescape") as file:
            return set(file.read().split("\n"))
    except OSError:
        return set()


def names_of(policy: "Policy") -> List[str]:
    """What a command may call a cache by."""
    tags = ["*"] if callable(policy.tags) else list(policy.tags)
    return policy.scopes() + ["tag:" + tag for tag in tags]
