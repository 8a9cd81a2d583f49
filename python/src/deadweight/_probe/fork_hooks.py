"""What `os.register_at_fork` is given: it keeps functions for good, so these can be emptied.

Nothing is imported here. When the probe has left, what stays of it is this class and its functions, which do nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class ForkHooks:
    """Calls what it was given around each fork, until `forget`."""

    def __init__(self, before: list[Callable[[], Any]], in_parent: Any, in_child: Any) -> None:
        self._before = before
        self._in_parent: Any = in_parent
        self._in_child: Any = in_child

    def before(self) -> None:
        for each in self._before:
            each()

    def in_parent(self) -> None:
        if self._in_parent is not None:
            self._in_parent()

    def in_child(self) -> None:
        if self._in_child is not None:
            self._in_child()

    def forget(self) -> None:
        self._before = []
        self._in_parent = self._in_child = None
