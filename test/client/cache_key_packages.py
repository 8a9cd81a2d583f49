"""Keys of numpy, pandas, attrs and pydantic values: each line of a group is one key, groups are different ones."""

import datetime
import decimal
import json
import uuid
from typing import Any

import attrs
import numpy
import pandas
import pydantic

from deadweight._cache_keys import KeyOptions, UnstableKeyError, digest, encode


@attrs.define(eq=False)
class Plain:
    x: int = attrs.field(eq=True)


@attrs.define
class Item:
    name: str = attrs.field(eq=str.lower)
    seen: int = attrs.field(default=0, eq=False)


class Model(pydantic.BaseModel):
    user: int
    tags: Any = ()


class Open(Model, extra="allow"):
    _note: str = pydantic.PrivateAttr("")


def noted(note):
    made = Open(user=1)
    made._note = note
    return made


base = numpy.arange(24, dtype="f8").reshape(4, 6)
odd_nan = numpy.array([0xFFF8000000000001], dtype="u8").view("f8")
aligned = numpy.zeros(2, dtype=numpy.dtype([("a", "i1"), ("b", "f8")], align=True))
packed = numpy.zeros(2, dtype=[("a", "i1"), ("b", "f8")])
frame = pandas.DataFrame({"n": [1, 2, 3], "s": ["x", "y", None], "c": pandas.Categorical(["a", "b", "a"])})
moment = pandas.Timestamp("2024-01-31T12:00:00.000000001")
GROUPS = [
    [
        base,
        base.copy(),
        numpy.asfortranarray(base),
        base.astype(">f8"),
        numpy.arange(48, dtype="f8").reshape(4, 12)[:, ::2] / 2,
    ],
    [base[::2], base[::2].copy()],
    [base.T, base.T.copy()],
    [base.astype("f4")],
    [base.reshape(6, 4)],
    [base.tolist()],
    [odd_nan, numpy.array([numpy.nan])],
    [aligned, packed],
    [numpy.array(["a", None, 1], object), numpy.array(["a", None, 1, 2], object)[:3]],
    [numpy.array([], "i4")],
    [numpy.array(5, "i8")],
    [numpy.int64(5)],
    [numpy.int32(5)],
    [5],
    [numpy.float64(5), numpy.float64("5.0")],
    [5.0],
    [numpy.bool_(True)],
    [numpy.str_("a")],
    [numpy.datetime64("2024-01-31"), numpy.array(["2024-01-31"], "M8[D]")[0]],
    [numpy.zeros(100_000), numpy.zeros(200_000)[::2]],
    [numpy.ones(100_000)],
    [
        frame,
        frame.copy(),
        pandas.concat([frame.iloc[:1], frame.iloc[1:]])[["n", "s", "c"]].reset_index(drop=True).assign(c=frame.c),
    ],
    [frame.iloc[::2], frame.iloc[::2].copy()],
    [frame.rename(columns={"n": "m"})],
    [frame[["s", "n", "c"]]],
    [frame.n, frame["n"].copy()],
    [frame.n.rename("m")],
    [frame.n.astype("f8")],
    [frame.n.astype("Int64"), pandas.Series(pandas.array([1, 2, 3], "Int64"), name="n")],
    [pandas.Series([1, None, 3], dtype="Int64", name="n")],
    [frame.s.astype("string")],
    [pandas.Series(pandas.to_datetime(["2024-01-31", None]))],
    [pandas.Series(pandas.to_datetime(["2024-01-31", None], utc=True))],
    [pandas.Index([3, 1])],
    [pandas.MultiIndex.from_tuples([("a", 1), ("b", 2)]), pandas.MultiIndex.from_arrays([["a", "b"], [1, 2]])],
    [moment, pandas.Timestamp(moment.value)],
    [moment.tz_localize("UTC"), moment.tz_localize("UTC").tz_convert("Europe/Paris")],
    [pandas.Timedelta(1, "s"), pandas.Timedelta(1000, "ms")],
    [datetime.timedelta(seconds=1)],
    [pandas.NaT],
    [pandas.NA],
    [pandas.Interval(0, 1)],
    [pandas.Period("2024-01", "M")],
    [Plain(1), Plain(1)],
    [Item("A", 1), Item("a", 2)],
    [Item("b")],
    [Model(user=1), Model(user=1, tags=())],
    [Model(user=1, tags=["a"])],
    [Open(user=1, more=1)],
    [noted("a")],
    [noted("b")],
    [uuid.UUID(int=1)],
]
REFUSED = [
    (numpy.ma.array([1, 2], mask=[0, 1]), "is a numpy.ma"),
    (numpy.matrix([1]), "is a numpy.matrix"),
    (numpy.array([1], "g"), "has elements of type"),
    (numpy.array([object()]), "is a bare object"),
    (numpy.array([(1, object())], dtype=[("a", "i4"), ("b", "O")]), "is a bare object"),
    (pandas.DataFrame({"a": [object()]}), "is a bare object"),
    (frame.groupby("n"), "is a pandas"),
]


def main():
    encodings = [[encode(each) for each in group] for group in GROUPS]
    for group, made in zip(GROUPS, encodings):
        assert len(set(made)) == 1, group
    firsts = [made[0] for made in encodings]
    for at, first in enumerate(firsts):
        assert first not in firsts[:at], (GROUPS[at], GROUPS[firsts.index(first)])
    for value, start in REFUSED:
        try:
            encode(value)
            raise AssertionError("no error: %r" % (value,))
        except UnstableKeyError as error:
            assert start in str(error), str(error)
    equal = KeyOptions(numeric="equal")
    ones = [1, numpy.int64(1), numpy.float32(1), numpy.bool_(True), decimal.Decimal(1)]
    assert len({encode(each, options=equal) for each in ones}) == 1
    try:
        encode(numpy.zeros(2**18), options=KeyOptions(largest_bytes=2**20), argument="rows", function="shop.total")
        raise AssertionError("no error")
    except UnstableKeyError as error:
        assert str(error).startswith("shop.total: argument 'rows' holds 2 MiB in one array"), str(error)
    # No part that the versions of the packages spell differently.
    stable = [digest([("value", group[0])]).hex() for group in GROUPS[:21]]
    print(json.dumps({"groups": len(GROUPS), "stable": stable}))


main()
