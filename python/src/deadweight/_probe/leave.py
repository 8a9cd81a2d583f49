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
    atexit.unregister(link.end)
    hooks.forget()
    fork_warning.withdraw()
    for name in list(sys.modules):
        if name.partition(".")[0] in _PACKAGES:
            sys.modules.pop(name, None)
