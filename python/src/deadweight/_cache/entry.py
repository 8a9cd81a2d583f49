"""What a cache keeps for one key."""

from typing import Any, Optional

from .slots import Tokens


class Entry:
    """A value, or an exception that was raised instead of one."""

    __slots__ = ("value", "error", "seen", "tokens", "expires", "ends", "size", "instance")

    def __init__(self, value: Any, error: Optional[BaseException], seen: int, tokens: Tokens) -> None:
        self.value = value
        #: Raised again on a hit; None for values.
        self.error = error
        #: Word 0 when the tokens were last found to be the current ones.
        self.seen = seen
        #: Of the entry's scopes, from before the value was loaded.
        self.tokens = tokens
        #: Until when it is answered with without a further look, on the monotonic clock; infinity for ever.
        self.expires = float("inf")
        #: Until when it may be answered with at all; later than `expires` where a lease has to be renewed in between.
        self.ends = float("inf")
        #: Bytes, where they are counted.
        self.size = 0
        #: The instance a method was called on, weakly; None for functions.
        self.instance: Any = None
