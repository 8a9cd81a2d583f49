"""Writers of pandas: index, columns, element types, and the values column by column; nothing is sampled."""

from importlib import import_module
from typing import Any, Dict

from ._cache_keys_arrays import write_array
from ._cache_keys_errors import Refused
from ._cache_keys_plain import Writer, Writers, deeper, extension, write_bool, write_int, write_list, write_str

numpy: Any = import_module("numpy")
pandas: Any = import_module("pandas")

NANOSECONDS = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}


def frame_writer(cls: type) -> Writer:
    """The writer of a pandas class. Raises `Refused` for one it does not know."""
    writer = _WRITERS.get(cls)
    if writer is not None:
        return writer
    if issubclass(cls, pandas.Index) and cls.__module__.partition(".")[0] == "pandas":
        return _write_index
    what = "is a %s.%s, whose content is not known" % (cls.__module__, cls.__qualname__)
    raise Refused(what, "pass its values as an array or a list")


def _write_frame(value: Any, writers: Writers, depth: int) -> bytes:
    below = deeper(depth)
    names, rows = _index(value.columns, writers, below), _index(value.index, writers, below)
    columns = [_write_values(value.iloc[:, at], writers, below) for at in range(value.shape[1])]
    return extension("DataFrame", names, rows, *columns)


def _write_series(value: Any, writers: Writers, depth: int) -> bytes:
    below = deeper(depth)
    rows = _index(value.index, writers, below)
    return extension("Series", _any(value.name, writers, below), rows, _write_values(value, writers, below))


def _index(value: Any, writers: Writers, depth: int) -> bytes:
    return bytes(writers[type(value)](value, writers, depth))


def _write_range(value: Any, writers: Writers, depth: int) -> bytes:
    # Not written out: ten million rows have an index of three numbers.
    numbers = [write_int(int(each), writers, depth) for each in (value.start, value.stop, value.step)]
    return extension("RangeIndex", _any(value.name, writers, depth), *numbers)


def _write_index(value: Any, writers: Writers, depth: int) -> bytes:
    return extension("Index", _any(value.name, writers, depth), _write_values(value, writers, depth))


def _write_multi(value: Any, writers: Writers, depth: int) -> bytes:
    below = deeper(depth)
    levels = [_write_index(value.get_level_values(at), writers, below) for at in range(value.nlevels)]
    return extension("MultiIndex", *levels)


def _any(value: Any, writers: Writers, depth: int) -> bytes:
    return bytes(writers[type(value)](value, writers, depth))


def _write_values(value: Any, writers: Writers, depth: int) -> bytes:
    dtype = value.dtype
    if isinstance(dtype, numpy.dtype):
        return write_array(value.to_numpy(), writers, depth)
    array = value.array
    if isinstance(dtype, pandas.CategoricalDtype):
        return _write_categories(array, writers, depth)
    name = write_str(str(dtype), {}, 0)
    if hasattr(array, "asi8"):
        return extension("instants", name, write_array(array.asi8, writers, depth))
    mask = numpy.asarray(array.isna())
    plain = getattr(dtype, "numpy_dtype", None)
    if isinstance(plain, numpy.dtype) and plain.kind in "biuf":
        filled = array.to_numpy(dtype=plain, na_value=plain.type(0))
        return extension("masked", name, write_array(filled, writers, depth), write_array(mask, writers, depth))
    # One mark for what is missing, whatever the type writes for it.
    items = [None if missing else item for item, missing in zip(array, mask)]
    return extension("column", name, write_list(items, writers, depth))


def _write_categories(array: Any, writers: Writers, depth: int) -> bytes:
    ordered = write_bool(bool(array.ordered), writers, depth)
    categories = _index(array.categories, writers, deeper(depth))
    return extension("Categorical", ordered, categories, write_array(numpy.asarray(array.codes), writers, depth))


def _nanoseconds(value: Any, unit: str) -> int:
    return int(value.view("i8")) * NANOSECONDS[unit]


def _write_timestamp(value: Any, writers: Writers, depth: int) -> bytes:
    moment = value.to_datetime64() if value.tzinfo is None else value.tz_convert("UTC").to_datetime64()
    unit = numpy.datetime_data(moment.dtype)[0]
    number = write_int(_nanoseconds(moment, unit), {}, 0)
    return extension("Timestamp", write_bool(value.tzinfo is not None, {}, 0), number)


def _write_timedelta(value: Any, writers: Writers, depth: int) -> bytes:
    length = value.to_timedelta64()
    return extension("Timedelta", write_int(_nanoseconds(length, numpy.datetime_data(length.dtype)[0]), {}, 0))


def _write_period(value: Any, writers: Writers, depth: int) -> bytes:
    return extension("Period", write_str(value.freqstr, {}, 0), write_int(int(value.ordinal), {}, 0))


def _write_interval(value: Any, writers: Writers, depth: int) -> bytes:
    ends = _any(value.left, writers, depth), _any(value.right, writers, depth)
    return extension("Interval", write_str(value.closed, {}, 0), *ends)


def _constant(kind: str) -> Writer:
    return lambda value, writers, depth: extension(kind)


_WRITERS: Dict[Any, Writer] = {
    pandas.DataFrame: _write_frame,
    pandas.Series: _write_series,
    pandas.RangeIndex: _write_range,
    pandas.MultiIndex: _write_multi,
    pandas.Timestamp: _write_timestamp,
    pandas.Timedelta: _write_timedelta,
    pandas.Period: _write_period,
    pandas.Interval: _write_interval,
    type(pandas.NaT): _constant("NaT"),
    type(pandas.NA): _constant("NA"),
}
