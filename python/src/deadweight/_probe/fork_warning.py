"""Keeps the probe's thread from making CPython 3.12+ warn about a fork that would be silent without us.

Since 3.12 `os.fork` counts the threads of the process and issues a DeprecationWarning when there are several; under `-W
error` that is an exception. A program whose only second thread is ours must not see it. One that has threads of its own
must.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _AboutThreads:
    """Matches the text of that one warning, as a compiled expression would, without importing `re`."""

    def match(self, text: str) -> bool:
        return text.startswith("This process (pid=") and "is multi-threaded, use of " in text


_FILTER = ("ignore", _AboutThreads(), DeprecationWarning, None, 0)
#: The main thread and ours.
_THREADS_WITH_US = 2


def prepare() -> None:
    """Runs before every fork: the filter is there exactly if the warning would be about our thread alone."""
    if sys.version_info < (3, 12):
        return
    try:
        _set_filter(len(os.listdir("/proc/self/task")) <= _THREADS_WITH_US)
    except Exception:
        # Without /proc, or with somebody else's idea of `warnings`: the worst is a warning.
        return


def withdraw() -> None:
    """The probe leaves: `warnings` has no filter of ours any more."""
    if sys.version_info < (3, 12):
        return
    try:
        _set_filter(False)
    except Exception:
        return


def _set_filter(wanted: bool) -> None:
    warnings: Any = sys.modules.get("warnings")
    if warnings is None:
        import _warnings as warnings
    filters = warnings.filters
    present = bool(filters) and filters[0] is _FILTER
    if present == wanted:
        return
    if _FILTER in filters:
        filters.remove(_FILTER)
    if wanted:
        filters.insert(0, _FILTER)
    mutated = getattr(warnings, "_filters_mutated_lock_held", None) or getattr(warnings, "_filters_mutated", None)
    if mutated is not None:
        try:
            mutated()
        except RuntimeError:
            # 3.14: the version without a lock, which `_warnings` itself offers.
            import _warnings

            _warnings._filters_mutated_lock_held()  # type: ignore[attr-defined]
