"""The garbage collector: its counters, and its collections as they happen."""

from __future__ import annotations

import gc
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Collections kept until the tool asks; the oldest go first and are counted.
MOST_EVENTS = 1024


def statistics() -> dict[str, Any]:
    """Counters of the collector; microseconds to read."""
    return {
        "enabled": gc.isenabled(),
        "counts": list(gc.get_count()),
        "thresholds": list(gc.get_threshold()),
        "generations": [dict(generation) for generation in gc.get_stats()] if hasattr(gc, "get_stats") else [],
        "frozen": gc.get_freeze_count() if hasattr(gc, "get_freeze_count") else 0,
        "garbage": len(gc.garbage),
    }


def collect() -> dict[str, Any]:
    """A full collection, now. Finalizers of the program run in the thread that asks."""
    began_ns = time.perf_counter_ns()
    unreachable = gc.collect()
    return {"unreachable": unreachable, "pauseMs": (time.perf_counter_ns() - began_ns) / 1e6}


class Events:
    """Records collections while it is started. About one microsecond per collection, nothing otherwise."""

    def __init__(self) -> None:
        self._kept: list[dict[str, Any]] = []
        self._dropped = 0
        self._began_ns = 0

    def start(self) -> None:
        gc.callbacks.append(self._collected)

    def stop(self) -> None:
        if self._collected in gc.callbacks:
            gc.callbacks.remove(self._collected)

    def take(self) -> dict[str, Any]:
        """Events since the last time, oldest first. `dropped` counts those that were lost since then."""
        kept, self._kept = self._kept, []
        dropped, self._dropped = self._dropped, 0
        return {"events": kept, "dropped": dropped}

    def _collected(self, phase: str, info: dict[str, int]) -> None:
        """Called by the collector in whatever thread it runs, which has no other collection meanwhile."""
        now_ns = time.perf_counter_ns()
        if phase == "start":
            self._began_ns = now_ns
            return
        if len(self._kept) >= MOST_EVENTS:
            del self._kept[0]
            self._dropped += 1
        self._kept.append(
            {
                "generation": info.get("generation", -1),
                "collected": info.get("collected", 0),
                "uncollectable": info.get("uncollectable", 0),
                "pauseMs": (now_ns - self._began_ns) / 1e6,
                "atSeconds": time.time(),
            }
        )
