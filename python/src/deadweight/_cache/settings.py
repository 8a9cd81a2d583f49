"""Obeys what the `deadweight` command has written about bounds and times, in rows of the shared table."""

from typing import TYPE_CHECKING, NamedTuple, Optional, Set

from . import layout, registry
from .policy import Policy
from .slots import slot_of

if TYPE_CHECKING:
    from .host import Host
    from .store import Store


class Setting(NamedTuple):
    """Words of a row, as layout.SETTING_WORDS has them; all 0: as the program says."""

    maxsize: int = 0
    ttl_ms: int = 0
    flags: int = 0
    #: Processes whose rank is below it obey; 0: all.
    workers: int = 0


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
                obey(store, Setting(*words[at + 2 : at + 6]), rank)
        host.applied = newest
    if host.row >= 0:
        words[layout.MEMBERS_AT + host.row * layout.MEMBER_WORDS + 3] = newest


def write_setting(host: "Host", scope: str, setting: "Setting", origin: int) -> None:
    """Writes what a server says about a function, as the command does on its host. Without room for another function it is left out."""
    words, slot = host.words, slot_of(scope)
    newest, at = 0, -1
    for row in range(layout.SETTING_ROWS):
        start = layout.SETTINGS_AT + row * layout.SETTING_WORDS
        newest = max(newest, words[start])
        if at < 0 and words[start + 1] in (0, slot):
            at = start
        if words[start + 1] == 0:
            break
    if at < 0:
        return
    words[at + 2], words[at + 3], words[at + 4], words[at + 5] = setting
    words[at + 6] = origin
    words[at] = newest + 1
    # The slot last: a row with a slot is whole.
    words[at + 1] = slot


def written_by(host: "Host", origin: int) -> "Set[int]":
    """Slots of the functions whose settings came from this stream."""
    words = host.words
    rows = range(layout.SETTINGS_AT, layout.FIGURES_AT, layout.SETTING_WORDS)
    return {words[at + 1] for at in rows if words[at + 1] and words[at + 6] == origin}


def obey(store: "Store", setting: "Setting", rank: int) -> None:
    """What is set, where this process is meant; otherwise what the program says."""
    maxsize, ttl_ms, flags, workers = setting
    obeys = not workers or rank < workers
    flags = flags if obeys else 0
    policy = _with(store.declared, maxsize, ttl_ms) if obeys else store.declared
    store.obey(policy, bool(flags & layout.FROZEN), bool(flags & layout.BYPASSED))


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
