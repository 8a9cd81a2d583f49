"""The shared tier: what a cached function asks after its own entries, and before it loads.

The tokens of a value's scopes are read from the server *before* the loader starts, and they are a part of the key under which
its result is put. So a value that was loaded before a clear lies where nobody looks any more.
"""

import os
import random
import threading
import weakref
from time import monotonic
from typing import TYPE_CHECKING, Any, Callable, Dict, List, NamedTuple, Optional

from .._cache.slots import fresh_token
from .address import parse_address
from .breaker import Breaker
from .codec import Unreadable, Unstorable, choose_codec, opened, sealed
from .nodes import Answer, Ask, Nodes
from .protocol import STREAM_ENTRIES, Generation, Place, control_keys, generation_key, value_key, value_token
from .resp import ReplyError

if TYPE_CHECKING:
    from .follower import Follower

_DAY = 86_400.0
_MAX_VALUE_BYTES = 8 * 2**20


class TierInfo(NamedTuple):
    """What the tier did for this process."""

    hits: int
    misses: int
    stored: int
    #: Values that the codec cannot write, or that are too large.
    unstorable: int
    #: Values of another codec, another secret, or damaged: taken as misses.
    unreadable: int
    #: Calls that did without the tier, because it fails.
    bypassed: int
    #: Calls that did without this process's own entries, because no word of the stream came in time.
    unconfirmed: int
    #: "in use", or "bypassed".
    state: str


class Look(NamedTuple):
    """What was found, and where a value goes that is loaded now."""

    key: str
    found: bool
    value: Any
    #: On the monotonic clock.
    ends: float


class RedisTier:
    """Made by `deadweight.redis_tier`; see there."""

    def __init__(  # noqa: PLR0913
        self,
        url: str,
        *,
        app: str,
        codec: Any = "json",
        secret: "Optional[bytes | str]" = None,
        ttl: float = _DAY,
        timeout: float = 0.25,
        lease: float = 5.0,
        on_partition: str = "bypass",
        max_value_bytes: int = _MAX_VALUE_BYTES,
    ) -> None:
        if not app or any(letter in app for letter in "/{}:") or app.startswith("."):
            raise ValueError("app is the name of the application, without / : { }, not %r" % (app,))
        if on_partition not in ("bypass", "serve_stale"):
            raise ValueError("on_partition is 'bypass' or 'serve_stale', not %r" % (on_partition,))
        for name, seconds in (("ttl", ttl), ("timeout", timeout), ("lease", lease)):
            if not seconds > 0:
                raise ValueError("%s is a time above 0 in seconds, not %r" % (name, seconds))
        self.app = app
        self.address = parse_address(url)
        self.codec = choose_codec(codec, secret)
        self.ttl, self.lease, self.on_partition = ttl, lease, on_partition
        self.max_value_bytes = max_value_bytes
        self.nodes = Nodes(self.address, timeout)
        self._known: Dict[str, Generation] = {}
        # Not with the first call: a child that is born of a fork in the middle of an import would wait for it for ever.
        from .follower import Follower

        self._follower = Follower(self)
        self._reset()
        _all.add(self)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self.breaker = Breaker(self.address.shown())
        self._counts = dict.fromkeys(TierInfo._fields[:-1], 0)
        self._executor: Any = None

    def after_fork(self) -> None:
        """In a child: nobody else's threads and locks."""
        self._reset()
        self._follower.after_fork()

    def count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def info(self) -> TierInfo:
        with self._lock:
            return TierInfo(state="bypassed" if self.breaker.is_open else "in use", **self._counts)

    def follower(self) -> "Follower":
        """Started with the first call, in each process of its own."""
        self._follower.start()
        return self._follower

    def lease_end(self) -> float:
        """Until when this process's own entries may be answers, on the monotonic clock."""
        return float("inf") if self.follower().serves_stale else self.follower().lease_end()

    def look(self, place: Place) -> Optional[Look]:
        """Asks the server; None when it has to be done without."""
        if not self.breaker.allows():
            self.count("bypassed")
            return None
        try:
            look = self._look(place)
        except (OSError, ReplyError) as error:
            self.breaker.failed(error)
            self.count("bypassed")
            return None
        self.breaker.succeeded()
        self.count("hits" if look.found else "misses")
        return look

    def keep(self, look: Look, value: Any, ttl: Optional[float]) -> None:
        """Puts a value where `look` has found none. `ttl`: seconds; None: that of the tier."""
        try:
            content = sealed(self.codec, value, look.key)
        except Unstorable:
            self.count("unstorable")
            return
        if len(content) > self.max_value_bytes:
            self.count("unstorable")
            return
        # Values that were made together must not end together.
        seconds = self.ttl * (1.0 - 0.1 * random.random()) if ttl is None else ttl
        command = ("SET", look.key, content, "PX", max(1, int(seconds * 1000)))
        try:
            self.nodes.run([Ask(look.key, command)])
            self.count("stored")
        except (OSError, ReplyError) as error:
            self.breaker.failed(error)

    def clear(self, *scopes: str) -> str:
        """Clears scopes ("ns:prices", "tag:user:42", "fn:shop.quote") in all processes. Answers the id of the clear in the stream.

        Raises OSError when the server cannot be reached; then only this process has it. Whether the others have applied it is what
        `deadweight caches clear` waits for, and this does not.
        """
        from .follower import apply_clear

        try:
            for _ in range(2):
                made = self._announce(scopes)
        finally:
            apply_clear(scopes)
        return made

    def close(self) -> None:
        """Leaves the stream and closes connections. Calls go on, without entries of this process."""
        self._follower.leave()
        self.nodes.close()

    def _announce(self, scopes: "tuple[str, ...]") -> str:
        import json

        for scope in scopes:
            key = generation_key(self.app, scope)
            self.nodes.run([Ask(key, ("SET", key, new_token()))])
        stream = control_keys(self.app)[0]
        words = ("kind", "clear", "scopes", json.dumps(list(scopes)), "by", "python")
        answer = self.nodes.run([Ask(stream, ("XADD", stream, "MAXLEN", "~", STREAM_ENTRIES, "*", *words))])
        return str(answer[0].reply.decode())

    def executor(self) -> Any:
        """Threads for callers that must not block: event loops."""
        if self._executor is None:
            from concurrent.futures import ThreadPoolExecutor

            with self._lock:
                if self._executor is None:
                    self._executor = ThreadPoolExecutor(8, "deadweight redis")
        return self._executor

    def _look(self, place: Place) -> Look:
        scopes = sorted(set(place.scopes))
        keys = [generation_key(self.app, scope) for scope in scopes]
        asks = [Ask(key, ("GET", key)) for key in keys]
        # Most of the time the tokens are as they were: then one round is enough.
        guess = self._guess(place, scopes)
        if guess is not None:
            asks += _value_asks(guess)
        answers = self.nodes.run(asks)
        generations = self._generations(scopes, keys, answers[: len(keys)])
        key = value_key(self.app, place, value_token(self.codec.name, generations))
        if key != guess:
            answers = self.nodes.run(_value_asks(key))
        found, left = answers[-2].reply, answers[-1].reply
        return self._opened(key, found, left)

    def _guess(self, place: Place, scopes: List[str]) -> Optional[str]:
        known = [self._known.get(scope) for scope in scopes]
        if None in known:
            return None
        return value_key(self.app, place, value_token(self.codec.name, known))  # type: ignore[arg-type]

    def _generations(self, scopes: List[str], keys: List[str], answers: List[Answer]) -> List[Generation]:
        missing = [key for key, answer in zip(keys, answers) if answer.reply is None]
        if missing:
            # New, or evicted: of several that make one at the same time, one wins.
            self.nodes.run([Ask(key, ("SET", key, new_token(), "NX")) for key in missing])
            answers = self.nodes.run([Ask(key, ("GET", key)) for key in keys])
        found = []
        for scope, answer in zip(scopes, answers):
            if not isinstance(answer.reply, bytes):
                raise OSError("the server forgets tokens as soon as they are made: has it enough memory?")
            found.append(Generation(scope, answer.run_id, answer.reply.decode("utf-8", "replace")))
        if len(self._known) > STREAM_ENTRIES:
            self._known = {}
        self._known.update(zip(scopes, found))
        return found

    def _opened(self, key: str, content: Optional[bytes], left_ms: int) -> Look:
        if content is None or left_ms <= 0:
            return Look(key, False, None, 0.0)
        try:
            return Look(key, True, opened(self.codec, content, key), monotonic() + left_ms / 1000)
        except Unreadable:
            self.count("unreadable")
            return Look(key, False, None, 0.0)


def _value_asks(key: str) -> List[Ask]:
    return [Ask(key, ("GET", key)), Ask(key, ("PTTL", key))]


def new_token() -> str:
    return "%016x" % fresh_token()


_all: "weakref.WeakSet[RedisTier]" = weakref.WeakSet()


def _after_fork() -> None:
    for tier in list(_all):
        tier.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class TieredCall:
    """The call of a loader with the tier before it. `ends`: when an answer of the tier is over; infinity for a value that was loaded."""

    __slots__ = ("_tier", "_place", "_call", "_ttl", "ends")

    def __init__(
        self, tier: RedisTier, place: Place, call: Callable[[], Any], ttl: "Callable[[], Optional[float]]"
    ) -> None:
        self._tier, self._place, self._call, self._ttl = tier, place, call, ttl
        self.ends = float("inf")

    def __call__(self) -> Any:
        look = self._tier.look(self._place)
        if look is not None and look.found:
            self.ends = look.ends
            return look.value
        value = self._call()
        if look is not None:
            self._tier.keep(look, value, self._ttl())
        return value

    async def load(self) -> Any:
        """The same for coroutine functions: the event loop goes on while the server is asked."""
        import asyncio

        loop, executor = asyncio.get_running_loop(), self._tier.executor()
        look = await loop.run_in_executor(executor, self._tier.look, self._place)
        if look is not None and look.found:
            self.ends = look.ends
            return look.value
        value = await self._call()
        if look is not None:
            await loop.run_in_executor(executor, self._tier.keep, look, value, self._ttl())
        return value
