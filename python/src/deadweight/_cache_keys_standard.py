"""Writers of the types of the standard library, found by name so that none of its modules is loaded for it.

A subclass is another type: it may carry more than its base, so only the class itself is known.
"""

import sys
from typing import Any, Callable, Dict, Optional

from ._cache_keys_plain import (
    Writer,
    Writers,
    deeper,
    extension,
    write_bytes,
    write_dict,
    write_int,
    write_ordered,
    write_str,
)

# The Gregorian calendar repeats itself exactly: an instant outside the years 1 - 9999 is counted one cycle away.
CYCLE_YEARS = 400


def standard_writer(cls: type, zones: bool) -> Optional[Writer]:
    """The writer of a class of the standard library, None for any other. `zones`: an aware time keeps its zone."""
    module = (getattr(cls, "__module__", "") or "").partition(".")[0]
    name = getattr(cls, "__qualname__", "")
    writer = WRITERS.get(module + "." + name)
    if writer is None or getattr(sys.modules.get(module), name, None) is not cls:
        return None
    return _with_zone(writer) if zones and name in ("datetime", "time") else writer


def _str(value: str) -> bytes:
    return write_str(value, {}, 0)


def _int(value: int) -> bytes:
    return write_int(value, {}, 0)


def _write_deque(value: Any, writers: Writers, depth: int) -> bytes:
    below = deeper(depth)
    return extension("deque", *[writers[type(item)](item, writers, below) for item in value])


def _write_subclass(kind: str) -> Writer:
    def write(value: Any, writers: Writers, depth: int) -> bytes:
        return extension(kind, write_dict(value, writers, depth))

    return write


def _instant(value: Any, offset: Any) -> str:
    """`2024-01-31T12:00:00.000000Z` of an aware time."""
    naive = value.replace(tzinfo=None, fold=0)
    try:
        return str((naive - offset).isoformat(timespec="microseconds")) + "Z"
    except OverflowError:
        cycle = CYCLE_YEARS if naive.year < CYCLE_YEARS else -CYCLE_YEARS
        moved = naive.replace(year=naive.year + cycle) - offset
        return "%04d%sZ" % (moved.year - cycle, moved.isoformat(timespec="microseconds")[4:])


def _datetime_text(value: Any) -> str:
    offset = value.utcoffset()
    if offset is None:
        return str(value.replace(tzinfo=None).isoformat(timespec="microseconds"))
    return _instant(value, offset)


def _write_datetime(value: Any, writers: Writers, depth: int) -> bytes:
    return extension("datetime", _str(_datetime_text(value)))


def _write_time(value: Any, writers: Writers, depth: int) -> bytes:
    offset = value.utcoffset()
    if offset is None:
        return extension("time", _str(value.replace(tzinfo=None).isoformat(timespec="microseconds")))
    clock = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    return extension("utctime", _int(clock - _microseconds(offset)))


def _with_zone(writer: Writer) -> Writer:
    def write(value: Any, writers: Writers, depth: int) -> bytes:
        zone = value.tzinfo
        if zone is None:
            return writer(value, writers, depth)
        name = getattr(zone, "key", None) or getattr(zone, "zone", None) or value.tzname() or ""
        return extension("zoned", writer(value, writers, depth), _str(str(name)))

    return write


def _microseconds(value: Any) -> int:
    return int((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds)


def decimal_text(value: Any) -> str:
    """Sign, digits and exponent, `100E-2` for 1.00: what `str` says depends on the context."""
    sign, digits, exponent = value.as_tuple()
    minus = "-" if sign else ""
    number = "".join(map(str, digits)).lstrip("0")
    if exponent == "F":
        return minus + "Infinity"
    if exponent in ("n", "N"):
        return minus + ("NaN" if exponent == "n" else "sNaN") + number
    return "%s%sE%d" % (minus, number or "0", exponent)


def _write_range(value: range, writers: Writers, depth: int) -> bytes:
    # Equal ranges are those with the same items, whatever their stop.
    count = len(value)
    first = value[0] if count else 0
    return extension("range", _int(count), _int(first), _int(value.step if count > 1 else 1))


def _write_pattern(value: Any, writers: Writers, depth: int) -> bytes:
    pattern = value.pattern
    if not isinstance(pattern, str):
        return extension("pattern", write_bytes(bytes(pattern), writers, depth), _int(value.flags))
    return extension("pattern", _str(str(pattern)), _int(value.flags))


def _write_network(value: Any, writers: Writers, depth: int) -> bytes:
    # Not the text: 3.13 writes mapped addresses in another way.
    interface = hasattr(value, "network")
    address = value if interface else value.network_address
    prefix = value.network.prefixlen if interface else value.prefixlen
    packed = write_bytes(address.packed, writers, depth)
    scope = _str(getattr(address, "scope_id", None) or "")
    return extension(type(value).__name__, packed, scope, _int(prefix))


def _write_address(value: Any, writers: Writers, depth: int) -> bytes:
    scope = _str(getattr(value, "scope_id", None) or "")
    return extension(type(value).__name__, write_bytes(value.packed, writers, depth), scope)


def _path_writer(flavour: str) -> Writer:
    return _by(lambda value: extension("path", _str(flavour), _str(str(value))))


def _by(write: Callable[[Any], bytes]) -> Writer:
    return lambda value, writers, depth: write(value)


WRITERS: Dict[str, Writer] = {
    "builtins.range": _write_range,
    "collections.deque": _write_deque,
    "collections.OrderedDict": write_ordered,
    "collections.Counter": _write_subclass("Counter"),
    "collections.defaultdict": _write_subclass("defaultdict"),
    "datetime.datetime": _write_datetime,
    "datetime.date": _by(lambda value: extension("date", _str(value.isoformat()))),
    "datetime.time": _write_time,
    "datetime.timedelta": _by(lambda value: extension("timedelta", _int(_microseconds(value)))),
    "decimal.Decimal": _by(lambda value: extension("decimal", _str(decimal_text(value)))),
    "fractions.Fraction": _by(lambda value: extension("fraction", _int(value.numerator), _int(value.denominator))),
    "ipaddress.IPv4Address": _write_address,
    "ipaddress.IPv6Address": _write_address,
    "ipaddress.IPv4Network": _write_network,
    "ipaddress.IPv6Network": _write_network,
    "ipaddress.IPv4Interface": _write_network,
    "ipaddress.IPv6Interface": _write_network,
    "pathlib.PosixPath": _path_writer("posix"),
    "pathlib.PurePosixPath": _path_writer("posix"),
    "pathlib.WindowsPath": _path_writer("windows"),
    "pathlib.PureWindowsPath": _path_writer("windows"),
    "re.Pattern": _write_pattern,
    "uuid.UUID": _by(lambda value: extension("uuid", _str(str(value)))),
}
