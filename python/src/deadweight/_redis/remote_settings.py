"""Obeys what a server says about bounds, times and freezes: in the table of this host where there is one, else in this process."""

import json
import os
from typing import TYPE_CHECKING, Dict, Optional

from .._cache import layout, registry
from .._cache import slots as _slots
from .._cache.host import start_ticks
from .._cache.settings import Setting, obey, write_setting, written_by
from .._cache.slots import slot_of

if TYPE_CHECKING:
    from .._cache.store import Store
    from .host_reader import HostReader


class RemoteSettings:
    """State of the server is what counts: whatever it holds is obeyed, whatever it has forgotten is as the program says."""

    def __init__(self) -> None:
        self._settings: Dict[str, Setting] = {}

    def apply(self, text: Optional[bytes], reader: "Optional[HostReader]") -> None:
        """`text`: what the server holds, None for nothing."""
        settings = parse_settings(text)
        if reader is not None:
            _write(settings, text, reader)
        elif settings != self._settings:
            gone = set(self._settings) - set(settings)
            self._settings = {**settings, **dict.fromkeys(gone, Setting())}
            for store in registry.stores():
                self._tell(store)
            self._settings = settings
            registry.on_declare = self._tell

    def _tell(self, store: "Store") -> None:
        setting = self._settings.get("fn:" + store.policy.name)
        if setting is not None:
            obey(store, setting, layout.worker_rank(os.getpid(), start_ticks(os.getpid()) or 0))


def _write(settings: "Dict[str, Setting]", text: Optional[bytes], reader: "HostReader") -> None:
    """Once for each state of the server: what somebody sets on this host afterwards stays."""
    if not reader.begins_settings(text or b""):
        return
    host, origin = reader.host, reader.identity

    def write() -> None:
        known = {slot_of(scope) for scope in settings}
        for scope, setting in settings.items():
            write_setting(host, scope, setting, origin)
        for slot in written_by(host, origin) - known:
            _forget(host.words, slot)

    host.with_lock(write)
    # Whoever obeys looks when this word has changed.
    _slots.table.words[0] = _slots.fresh_token()


def _forget(words: memoryview, slot: int) -> None:
    """As the program says: the row stays, and says nothing."""
    rows = range(layout.SETTINGS_AT, layout.FIGURES_AT, layout.SETTING_WORDS)
    newest = max(words[at] for at in rows)
    for at in rows:
        if words[at + 1] == slot:
            for word in range(2, 7):
                words[at + word] = 0
            words[at] = newest + 1


def parse_settings(text: Optional[bytes]) -> "Dict[str, Setting]":
    """By scope ("fn:shop.quote"). What cannot be read says nothing."""
    try:
        found = json.loads(text or b"{}")
        return {
            str(scope): Setting(*(int(row[name]) for name in ("maxsize", "ttlMs", "flags", "workers")))
            for scope, row in found.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
