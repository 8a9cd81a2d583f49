"""What a cache was told: its bounds, how long entries live, and which scopes they have."""

import random
from time import monotonic
from typing import Any, Callable, Hashable, List, NamedTuple, Optional, Sequence, Tuple, Type, Union

#: Parts into which the keys of a namespace fall, so that a clear can begin with some of them.
SLICES = 256


class Policy(NamedTuple):
    """The declared options of one cache. Checked by `check`."""

    name: str
    maxsize: Optional[int] = 128
    max_bytes: Optional[int] = None
    ttl: Optional[float] = None
    #: Share of `ttl` by which entries may end earlier, so that those made together do not end together.
    jitter: float = 0.1
    stale_while_revalidate: float = 0.0
    #: Seconds for which callers wait for one that loads the same; None: each loads.
    single_flight: Optional[float] = None
    cache_errors: Tuple[Type[BaseException], ...] = ()
    error_ttl: float = 1.0
    per_thread: bool = False
    weak: bool = False
    namespace: Optional[str] = None
    version: Union[int, str] = 1
    #: Templates over the arguments ("user:{user_id}"), or a function of the arguments that names them.
    tags: Union[Sequence[str], Callable[..., Sequence[str]]] = ()
    key: Optional[Callable[..., Hashable]] = None
    normalize: Optional[Callable[..., Tuple[Tuple[Any, ...], dict]]] = None
    size: Optional[Callable[[Any], int]] = None
    #: What is asked before the loader, and shared with other processes: `deadweight.redis_tier(...)`.
    tier: Any = None
    #: Counts, on a sample of the keys, what other bounds would do.
    curve: bool = False

    def expiry(self, is_error: bool) -> float:
        """When an entry that is made now ends, on the monotonic clock."""
        seconds = self.error_ttl if is_error else self.ttl
        if seconds is None:
            return float("inf")
        return monotonic() + seconds * (1.0 - self.jitter * random.random())

    def scopes(self) -> List[str]:
        """The scopes that all entries share: the function, its namespace, and that in this version."""
        found = ["fn:" + self.name]
        if self.namespace is not None:
            found += ["ns:" + self.namespace, "ns:%s:v%s" % (self.namespace, self.version)]
        return found


def check(policy: Policy) -> None:
    """Raises ValueError or TypeError for options that cannot be meant."""
    _least("maxsize", policy.maxsize, 0)
    _least("max_bytes", policy.max_bytes, 1)
    _positive("ttl", policy.ttl)
    _positive("single_flight", policy.single_flight)
    if not 0.0 <= policy.jitter < 1.0:
        raise ValueError("jitter is a share of ttl: 0 or more and less than 1, not %r" % (policy.jitter,))
    if policy.stale_while_revalidate < 0:
        raise ValueError("stale_while_revalidate is a time in seconds, not %r" % (policy.stale_while_revalidate,))
    if policy.stale_while_revalidate and policy.ttl is None:
        raise ValueError("stale_while_revalidate needs ttl: without one nothing becomes stale")
    if policy.weak and policy.max_bytes is not None:
        raise ValueError("weak values are kept alive by others, so max_bytes would count what it does not keep")
    if policy.weak and policy.tier is not None:
        raise ValueError("weak values are kept alive by others; what comes from a shared tier is kept by nobody")
    if policy.tier is not None and not hasattr(policy.tier, "lease_end"):
        raise TypeError("tier is what deadweight.redis_tier(...) gives, not %r" % (policy.tier,))
    if isinstance(policy.tags, str):
        raise TypeError("tags is a list of templates, not one text: tags=[%r]" % (policy.tags,))


def _least(name: str, value: Optional[int], least: int) -> None:
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("%s is a whole number or None, not %r; write @cached() with parentheses" % (name, value))
    if value < least:
        raise ValueError("%s is %d or more, or None, not %r" % (name, least, value))


def _positive(name: str, value: Optional[float]) -> None:
    if value is not None and not value > 0:
        raise ValueError("%s is a time above 0 in seconds, or None, not %r" % (name, value))
