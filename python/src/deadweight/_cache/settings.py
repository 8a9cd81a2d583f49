"""Obeys what the `deadweight` command has written about bounds and times, in rows of the shared table."""

from typing import TYPE_CHECKING, Optional

from . import layout, registry
from .policy import Policy
from .slots import slot_of

if TYPE_CHECKING:
    from .host import Host


def apply_settings(host: "Host") -> None:
    """Applies all settings of this process's caches, and says so in its row. Cheap when there is nothing new."""
    words = host.words
    newest = 0
    rows = {}
    for row in range(layout.SETTING_ROWS):
        at = layout.SETTINGS_AT + row * layout.SETTING_WORDS
        if words[at + 1] == 0:
            break
        newest = max(newest, words[at])
        rows[words[at + 1]] = at
    if newest != host.applied:
        rank = layout.worker_rank(host.pid, host.start_ticks)
        for store in registry.stores():
            at = rows.get(slot_of("fn:" + store.policy.name))
            if at is not None:
                obeys = not words[at + 5] or rank < words[at + 5]
                flags = words[at + 4] if obeys else 0
                policy = _with(store.declared, words[at + 2], words[at + 3]) if obeys else store.declared
                store.obey(policy, bool(flags & layout.FROZEN), bool(flags & layout.BYPASSED))
        host.applied = newest
    if host.row >= 0:
        words[layout.MEMBERS_AT + host.row * layout.MEMBER_WORDS + 3] = newest


def _with(declared: Policy, maxsize: int, ttl_ms: int) -> Policy:
    """What the program says, but for what is set. Both numbers are one more than they mean; 0: not set."""
    policy = declared
    if maxsize:
        policy = policy._replace(maxsize=_maxsize(maxsize))
    if ttl_ms:
        policy = policy._replace(ttl=None if ttl_ms == layout.UNBOUNDED else (ttl_ms - 1) / 1000)
    return policy


def _maxsize(word: int) -> Optional[int]:
    return None if word == layout.UNBOUNDED else word - 1
