"""Takes the probe out of a process again: nothing of it acts afterwards, and nothing of it can be found."""

from __future__ import annotations

import atexit
import sys

from . import fork_warning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .fork_hooks import ForkHooks

#: The probe, and what watches lines for it.
_PACKAGES = ("_deadweight_probe", "_deadweight_lines")


def leave(link: Any, hooks: ForkHooks) -> None:
    """The connection's thread has ended or is about to. Twice is once."""
    if getattr(sys.modules.get(__package__), "link", link) is not link:
        # Another tool's, which came after us.
        return
    link.is_leaving = True
    atexit.unregister(link.end)
    hooks.forget()
    fork_warning.withdraw()
    ours = {name: module for name, module in list(sys.modules.items()) if name.partition(".")[0] in _PACKAGES}
    # The package last: while it is there, a tool that comes meanwhile does not load another one beside what is going.
    for name in sorted(ours, key=lambda name: name == __package__):
        if sys.modules.get(name) is ours[name]:
            sys.modules.pop(name, None)
