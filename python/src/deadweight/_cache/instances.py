"""Instances as parts of keys, without keeping them alive.

The instance itself must not be in a key. Its id alone would do harm once it is gone and its place is used again. So the key
holds a weak reference that knows its instance and takes its entries along when it dies.
"""

import weakref
from typing import Any, Callable, Dict, Set


class Instance(weakref.ref):  # type: ignore[type-arg]
    """A weak reference that is equal to itself only, and knows the keys of its entries."""

    __slots__ = ("keys", "address")
    keys: "Set[Any]"
    address: int

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


class Instances:
    """The instances whose method was called, by `id`. An id is believed only while its reference still leads to the object."""

    __slots__ = ("by_id", "_forget")

    def __init__(self, forget: "Callable[[Set[Any]], None]") -> None:
        self.by_id: Dict[int, Instance] = {}
        self._forget = forget

    def reference(self, instance: Any, function: str) -> Instance:
        """The reference of an instance, made when there is none. Classes without `__weakref__` are refused."""
        known = self.by_id.get(id(instance))
        if known is not None and known() is instance:
            return known
        try:
            made = Instance(instance, self._gone)
        except TypeError:
            raise TypeError(
                f"{function} cannot be cached per instance: {type(instance).__qualname__} allows no weak references, so its "
                f"instances would stay alive. Add '__weakref__' to its __slots__, or use key=."
            ) from None
        made.keys = set()
        made.address = id(instance)
        self.by_id[id(instance)] = made
        return made

    def _gone(self, reference: Instance) -> None:
        # Another object may live at the address already.
        if self.by_id.get(reference.address) is reference:
            del self.by_id[reference.address]
        self._forget(reference.keys)
