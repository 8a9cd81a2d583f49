"""The golden vectors of the canonical key encoding: what the Python client writes for values in a neutral notation.

    python cache_key_vectors.py write FILE    writes them anew; the TypeScript client must agree with the file
    python cache_key_vectors.py check FILE    says which of them this interpreter writes otherwise

A value is a JSON null, boolean or text, or an object of one entry: its type and what it is made from (see BUILDERS).
"""

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import ipaddress
import json
import pathlib
import re
import struct
import sys
import uuid

from deadweight._cache_keys import KeyOptions, digest, encode, readable


def build(notation):
    """The Python value of a notation."""
    if not isinstance(notation, dict):
        return notation
    [(kind, content)] = notation.items()
    return BUILDERS[kind](content)


def from_bits(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]


def items(content):
    return [build(each) for each in content]


def pairs(content):
    return [(build(key), build(value)) for key, value in content]


def in_module(cls, path):
    cls.__module__, _, cls.__qualname__ = path.rpartition(".")
    return cls


def member(content):
    path, name = content
    return in_module(enum.Enum(path.rpartition(".")[2], {name: 1, "OTHER": 2}), path)[name]


def flag(content):
    path, number = content
    return in_module(enum.Flag(path.rpartition(".")[2], {"A": 1, "B": 2, "C": 4}), path)(int(number))


def record(content):
    path, fields = content
    cls = in_module(dataclasses.make_dataclass(path.rpartition(".")[2], [name for name, _ in fields]), path)
    return cls(*[build(value) for _, value in fields])


def named_tuple(content):
    path, fields = content
    cls = in_module(collections.namedtuple(path.rpartition(".")[2], [name for name, _ in fields]), path)
    return cls(*[build(value) for _, value in fields])


def keyed(content):
    path, key = content
    made = build(key)
    return in_module(type(path.rpartition(".")[2], (), {"__cache_key__": lambda self: made}), path)()


def moment(text):
    """`2024-01-31T12:00:00.5Z` is an instant, without Z it is naive."""
    naive = datetime.datetime.strptime(text.rstrip("Z"), "%Y-%m-%dT%H:%M:%S.%f")
    return naive.replace(tzinfo=datetime.timezone.utc) if text.endswith("Z") else naive


def array(content):
    import numpy

    dtype, shape, data = content
    return numpy.frombuffer(bytes.fromhex(data), dtype=dtype).reshape(shape)


BUILDERS = {
    "int": int,
    "float": from_bits,
    "complex": lambda content: complex(*map(from_bits, content)),
    "bytes": bytes.fromhex,
    "zeros": bytes,
    "bytearray": bytearray.fromhex,
    "memoryview": lambda content: memoryview(bytes.fromhex(content)),
    "repeat": lambda content: content[0] * content[1],
    "list": items,
    "tuple": lambda content: tuple(items(content)),
    "deque": lambda content: collections.deque(items(content)),
    "set": lambda content: set(items(content)),
    "frozenset": lambda content: frozenset(items(content)),
    "dict": lambda content: dict(pairs(content)),
    "ordered": lambda content: collections.OrderedDict(pairs(content)),
    "member": member,
    "flag": flag,
    "record": record,
    "namedtuple": named_tuple,
    "keyed": keyed,
    "datetime": moment,
    "date": lambda text: datetime.datetime.strptime(text, "%Y-%m-%d").date(),
    "time": lambda text: datetime.datetime.strptime(text, "%H:%M:%S.%f").time(),
    "timedelta": lambda text: datetime.timedelta(microseconds=int(text)),
    "decimal": decimal.Decimal,
    "fraction": lambda content: fractions.Fraction(int(content[0]), int(content[1])),
    "uuid": uuid.UUID,
    "path": lambda content: {"posix": pathlib.PurePosixPath, "windows": pathlib.PureWindowsPath}[content[0]](
        content[1]
    ),
    "range": lambda content: range(*map(int, content)),
    "pattern": lambda content: re.compile(content[0], content[1]),
    "ip": lambda packed: ipaddress.ip_address(bytes.fromhex(packed)),
    "ndarray": array,
}

TEXTS = [
    "", "a", "user:42", "it's", 'a"b', "back\\slash", "line\nbreak", "tab\t\r", "\x00", "\x1b[31m", "\x7f\x85", "\u00e9", "e\u0301",
    "\u2028", "\u202eevil", "\ufeff", "\u4e2d\u6587", "\U0001f600", "\U000e0041", "\ud800", "a\udfffb", "\U0001f600\ud83d!",
    "NaN", "None", "\uffff", "\uff21", "\u1e9e",
]  # fmt: skip
INTS = [0, 1, -1, 2, 42, 127, 128, -127, -128, -129, 255, 256, 32767, 32768, -32768, 65535, 2**31, -(2**31), 2**53 - 1]
BIG_INTS = [2**53, 2**63 - 1, 2**63, -(2**63), 2**64, -(2**64), 10**30, 2**255, -(2**255), 2**256, 10**100]
FLOATS = [
    0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 1e15, 1e16, 123456789012345680.0, 1e22, 1e21, 1e-4, 1e-5, 0.00012345, 5e-324,
    2.2250738585072014e-308, 1.7976931348623157e308, 1 / 3, 2.0**53, 100.0, 1e300, float("inf"), float("-inf"), float("nan"),
]  # fmt: skip
DECIMALS = [
    "0",
    "-0",
    "1",
    "1.0",
    "1.00",
    "1E+2",
    "100",
    "-0.5",
    "1E-10",
    "NaN",
    "-NaN",
    "sNaN12",
    "Infinity",
    "-Infinity",
    "0E+3",
]
EQUALS = [True, False, {"int": "1"}, {"decimal": "1.00"}, {"decimal": "0.5"}, {"decimal": "0.1"}, {"decimal": "1E+400"}]
EQUALS += [
    {"decimal": "1E+6000"},
    {"decimal": "-12.50"},
    {"decimal": "0E-9"},
    {"decimal": "NaN"},
    {"decimal": "-Infinity"},
]
EQUALS += [
    {"fraction": ["1", "2"]},
    {"fraction": ["1", "3"]},
    {"fraction": ["4", "2"]},
    {"fraction": ["1", str(2**1074)]},
]
EQUALS += [{"fraction": [str(2**53 + 1), "2"]}, {"fraction": ["3", str(2**1075)]}, {"fraction": ["-7", str(2**1010)]}]
SPELLINGS = [
    "  Stra\u00dfe \u00c9 ",
    "e\u0301\u0130\u0131",
    "\u03a3\u03c2\u03c3",
    "\x1c\x85x\u3000",
    "\ufb01 \u1e9e",
    "\u13a0\uab70",
    "\ufeffA",
]
POINT = ["shop.geo.Point", [["x", {"int": "1"}], ["y", {"float": struct.pack(">d", 2.5).hex()}]]]


def bits(value):
    return struct.pack(">d", value).hex()


def number(value):
    return {"int": str(value)}


def nested(levels):
    value = {"list": []}
    for _ in range(levels - 1):
        value = {"list": [value]}
    return value


def plain_cases():
    yield from ([None, True, False] + TEXTS)
    yield from map(number, INTS + BIG_INTS)
    yield from ({"float": bits(value)} for value in FLOATS)
    yield {"float": "fff8000000000001"}
    yield from ({"complex": [bits(a), bits(b)]} for a, b in [(0.0, 1.0), (1.5, -0.0), (float("nan"), 2.0)])
    for kind in ("bytes", "bytearray", "memoryview"):
        yield from ({kind: content} for content in ("", "00", "616263", "ff" * 130))
    yield from ({"zeros": count} for count in (65_536, 65_537, 1_000_000))
    yield from ({"repeat": [text, count]} for text, count in [("x", 127), ("x", 128), ("\u00e9", 64), ("x", 300)])


def container_cases():
    mixed = [number(1), "1", None, True, {"float": bits(1.0)}, {"tuple": [number(1)]}]
    for kind in ("list", "tuple", "deque"):
        yield from ({kind: content} for content in ([], [number(1)], mixed, [{"list": []}, {"tuple": []}]))
    for kind in ("set", "frozenset"):
        yield from ({kind: content} for content in ([], ["b", "a", "c"], [number(10), number(9), "9", None]))
    yield {"set": [{"frozenset": ["a"]}, {"tuple": []}]}
    entries = [["user", number(42)], ["lang", "en"], ["a", None], ["bb", {"list": [number(1)]}]]
    keys = [
        [number(1), "int"],
        ["1", "text"],
        [None, "none"],
        [{"tuple": [number(1), "a"]}, "pair"],
        [{"bytes": "31"}, "bytes"],
    ]
    for kind in ("dict", "ordered"):
        yield from ({kind: content} for content in ([], entries, entries[::-1], keys))
    yield {"dict": [["k" * at, number(at)] for at in range(1, 40)]}
    yield {"list": [number(at) for at in range(200)]}
    yield nested(20)


def class_cases():
    yield from (
        {"member": [path, name]} for path, name in [("shop.Colour", "RED"), ("shop.Outer.Inner", "\u00e9t\u00e9")]
    )
    yield from ({"flag": ["shop.Perm", number]} for number in ("0", "3", "4"))
    yield from ({kind: POINT} for kind in ("record", "namedtuple"))
    yield {"record": ["shop.Basket", [["owner", {"record": POINT}], ["items", {"list": []}], ["a", {"set": ["x"]}]]]}
    yield {"record": ["shop.Empty", []]}
    yield from ({"keyed": ["shop.User", key]} for key in (number(7), {"tuple": ["a", number(1)]}))


def standard_cases():
    for text in ("2024-01-31T12:00:00.000000", "0001-01-01T00:00:00.000000", "9999-12-31T23:59:59.999999"):
        yield from ({"datetime": text + zone} for zone in ("", "Z"))
    yield from ({"date": text} for text in ("2024-02-29", "0001-01-01"))
    yield from ({"time": text} for text in ("00:00:00.000000", "23:59:59.000001"))
    yield from ({"timedelta": text} for text in ("0", "1", "-1", "86400000000", "123456789012345"))
    yield from ({"decimal": text} for text in DECIMALS)
    yield from ({"fraction": pair} for pair in (["1", "3"], ["-7", "2"], ["6", "4"], ["4", "1"]))
    yield from (
        {"uuid": text} for text in ("6f1c1c1e-0000-4000-8000-0123456789ab", "00000000-0000-0000-0000-000000000000")
    )
    paths = ("posix", "/var/log"), ("posix", "a b/\u00e9"), ("windows", "C:\\Users\\x")
    yield from ({"path": list(pair)} for pair in paths)
    yield from (
        {"range": triple}
        for triple in (
            ["0", "5", "1"],
            ["0", "5", "2"],
            ["0", "6", "2"],
            ["5", "0", "-1"],
            ["3", "3", "1"],
            ["7", "8", "9"],
        )
    )
    yield from ({"pattern": pair} for pair in (["^a+$", 32], ["x", 34], ["", 32]))
    yield from (
        {"ip": packed} for packed in ("0a000001", "00000000000000000000000000000001", "00" * 10 + "ffff01020304")
    )
    arrays = (
        ("<f8", [3], struct.pack("<3d", 1, -0.0, 2.5)),
        ("<i4", [2, 2], struct.pack("<4i", 1, 2, 3, 4)),
        ("|u1", [0], b""),
    )
    yield from ({"ndarray": [dtype, shape, data.hex()]} for dtype, shape, data in arrays)


def optional_cases():
    equal = {"numeric": "equal"}
    yield from ((value, equal) for value in EQUALS)
    yield from (({"float": bits(value)}, equal) for value in (0.0, -0.0, 1.0, 0.5, 1e300, float("nan"), float("inf")))
    yield from (({"complex": [bits(a), bits(b)]}, equal) for a, b in [(2.0, 0.0), (-0.0, 1.0)])
    yield {"dict": [[number(1), {"list": [True, {"float": bits(1.0)}]}]]}, equal
    for text in SPELLINGS:
        for options in ({"normalize": "NFC"}, {"casefold": True}, {"strip": True}):
            yield text, options
        yield {"dict": [[text, {"list": [text]}]]}, {"normalize": "NFKC", "casefold": True, "strip": True}
    yield {"path": ["posix", "/A "]}, {"casefold": True, "strip": True}
    yield {"record": ["shop.P", [["Name", "ABC"]]]}, {"casefold": True}
    yield {"deque": ["ABC"]}, {"casefold": True}
    yield from (
        ({"datetime": text}, {"zones": True}) for text in ("2024-01-31T12:00:00.000000Z", "2024-01-31T12:00:00.000000")
    )


def cases():
    for group in (plain_cases, container_cases, class_cases, standard_cases):
        yield from ((value, {}) for value in group())
    yield from optional_cases()


CALLS = [
    [["user", number(42)], ["lang", "en"]],
    [["lang", "en"], ["user", number(42)]],
    [],
    [["args", {"tuple": [number(1), "a"]}], ["kwargs", {"dict": [["z", None], ["a", True]]}]],
    [["query", {"repeat": ["long text ", 30]}], ["page", number(1)]],
]


def needs_numpy(notation):
    return "ndarray" in json.dumps(notation)


def vector(notation, options):
    value, chosen = build(notation), KeyOptions(**options)
    return {
        "value": notation,
        "options": options,
        "encoding": encode(value, options=chosen).hex(),
        "digest": digest([("value", value)], options=chosen).hex(),
        "readable": readable([("value", value)], 120, False, options=chosen),
        "redacted": readable([("value", value)], options=chosen),
    }


def call_vector(parts):
    built = [(name, build(value)) for name, value in parts]
    shown = {
        "readable": readable(built, 60, False),
        "redacted": readable(built),
        "partly": readable(built, redact={"user", "query"}),
    }
    return {"parts": parts, "digest": digest(built).hex(), **shown}


def main(command, path):
    if command == "write":
        vectors = {"values": [vector(*case) for case in cases()], "calls": [call_vector(parts) for parts in CALLS]}
        with open(path, "w") as file:
            json.dump(vectors, file, indent=1)
        return
    with open(path) as file:
        golden = json.load(file)
    try:
        import numpy  # noqa: F401

        chosen = golden["values"]
    except ImportError:
        chosen = [each for each in golden["values"] if not needs_numpy(each["value"])]
    wrong = [each for each in chosen if vector(each["value"], each["options"]) != each]
    wrong += [each for each in golden["calls"] if call_vector(each["parts"]) != each]
    print(json.dumps({"checked": len(chosen) + len(golden["calls"]), "wrong": wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])
