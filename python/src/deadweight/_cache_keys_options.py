"""What a cache says about its keys, and the table of writers that follows from it."""

from typing import Any, Dict, FrozenSet, Iterable, Optional

from ._cache_keys_classes import find_writer
from ._cache_keys_numbers import (
    text_writer,
    write_equal_complex,
    write_equal_decimal,
    write_equal_float,
    write_equal_fraction,
    write_equal_int,
)
from ._cache_keys_plain import PLAIN_WRITERS, Writer, Writers

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
NUMERICS = ("exact", "equal")
LARGEST_BYTES = 256 * 2**20
MOST_CLASSES = 500

# Classes whose values may stand raw in a key, each together with its class: hashable, immutable, equal only to what
# encodes alike, and without a value that is unequal to itself (as the float NaN).
FAST_TYPES: FrozenSet[type] = frozenset({str, int, bytes, bool, type(None)})


class WriterTable(Dict[type, Writer]):
    """Writers by class. Classes that are not built in are found when they are first met."""

    def __init__(self, fixed: Iterable[Any], options: "KeyOptions") -> None:
        super().__init__(fixed)
        self._fixed = dict(self)
        self._options = options

    def __missing__(self, cls: type) -> Writer:
        writer = self._fixed.get(cls) or self._options.writer_of(cls)
        # A program that makes classes as it goes must not have all of them kept alive by this table.
        if len(self) >= len(self._fixed) + MOST_CLASSES:
            self.clear()
            self.update(self._fixed)
        self[cls] = writer
        return writer

    @property
    def largest_bytes(self) -> int:
        return self._options.largest_bytes


class KeyOptions:
    """How the arguments of one cache become keys. All of it belongs to the key: changing it changes every key.

    `numeric="equal"`: 1, 1.0, True and Decimal("1.00") share a key, and -0.0 and 0.0. `normalize`, `casefold`, `strip`:
    texts that differ only in that share a key. `zones`: the same instant in two zones has two keys. `largest_bytes`:
    the longest content of one array that is hashed on every call.
    """

    __slots__ = ("casefold", "fast_types", "largest_bytes", "normalize", "numeric", "strip", "writers", "zones")

    def __init__(  # noqa: PLR0913
        self,
        *,
        numeric: str = "exact",
        normalize: Optional[str] = None,
        casefold: bool = False,
        strip: bool = False,
        zones: bool = False,
        largest_bytes: int = LARGEST_BYTES,
    ) -> None:
        if numeric not in NUMERICS:
            raise ValueError("numeric is %r; it must be one of %s" % (numeric, ", ".join(NUMERICS)))
        if normalize is not None and normalize not in FORMS:
            raise ValueError("normalize is %r; it must be one of %s" % (normalize, ", ".join(FORMS)))
        self.numeric = numeric
        self.normalize = normalize
        self.casefold = casefold
        self.strip = strip
        self.zones = zones
        self.largest_bytes = largest_bytes
        changed = self._changed_writers()
        self.fast_types = FAST_TYPES - frozenset(changed)
        self.writers: Writers = WriterTable({**dict(PLAIN_WRITERS), **changed}.items(), self)

    def _changed_writers(self) -> Dict[type, Writer]:
        changed: Dict[type, Writer] = {}
        if self.normalize or self.casefold or self.strip:
            changed[str] = text_writer(self.normalize or "", self.casefold, self.strip)
        if self.numeric == "equal":
            changed.update({int: write_equal_int, bool: write_equal_int})
            changed.update({float: write_equal_float, complex: write_equal_complex})
        return changed

    def writer_of(self, cls: type) -> Writer:
        """The writer of a class that is not built in. Raises `Refused`."""
        writer = find_writer(cls, self.zones)
        if self.numeric == "exact":
            return writer
        path = "%s.%s" % (cls.__module__, cls.__qualname__)
        if path == "decimal.Decimal":
            return write_equal_decimal
        if path == "fractions.Fraction":
            return write_equal_fraction
        return _as_plain_number if _is_numpy_number(cls) else writer


def _is_numpy_number(cls: type) -> bool:
    return any(each.__module__ == "numpy" and each.__name__ in ("number", "bool_", "bool") for each in cls.__mro__)


def _as_plain_number(value: Any, writers: Writers, depth: int) -> bytes:
    plain = value.item()
    return bytes(writers[type(plain)](plain, writers, depth))
