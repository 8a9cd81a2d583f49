"""Writers of numpy arrays and scalars: type, shape, the bytes of the logical array, so that a view equals its copy."""

from importlib import import_module
from typing import Any

from ._cache_keys_errors import Refused
from ._cache_keys_plain import (
    INLINE_BYTES,
    Writer,
    Writers,
    buffer,
    deeper,
    extension,
    size,
    text,
    write_int,
    write_list,
    write_str,
    write_tuple,
)

# Any, so that the types hold with numpy and without it.
numpy: Any = import_module("numpy")

BY_CONTENT = "biufcmMSUV"
WIDEST_FLOAT_BYTES = {"f": 8, "c": 16}


def array_writer(cls: type) -> Writer:
    """The writer of an array or of a scalar. Raises `Refused` for a subclass: a masked array is more than its data."""
    if cls is numpy.ndarray or cls is numpy.memmap:
        return write_array
    if issubclass(cls, numpy.generic) and cls.__module__ == "numpy":
        return _write_scalar
    what = "is a %s.%s, which is more than the array it is made from" % (cls.__module__, cls.__qualname__)
    raise Refused(what, "pass numpy.asarray(...) of it, or each of its parts")


def write_array(value: Any, writers: Writers, depth: int) -> bytes:
    """Element type, shape, content in C order."""
    shape = write_tuple(value.shape, {int: write_int}, depth)
    return extension("ndarray", write_str(_type_text(value.dtype), {}, 0), shape, _content(value, writers, depth))


def _write_scalar(value: Any, writers: Writers, depth: int) -> bytes:
    array = numpy.asarray(value)
    return extension("scalar", write_str(_type_text(array.dtype), {}, 0), _content(array, writers, depth))


def _type_text(dtype: Any) -> str:
    """`<f8`: little-endian whatever the array's order is. Structured types have their names in the content."""
    if dtype.names is not None:
        return "V"
    return "T" if dtype.kind == "T" else str(dtype.newbyteorder("<").str)


def _content(array: Any, writers: Writers, depth: int) -> bytes:
    dtype = array.dtype
    if dtype.names is not None:
        return _write_columns(array, writers, depth)
    if dtype.kind in "OT":
        return write_list(array.ravel().tolist(), writers, depth)
    _refuse_unknown(dtype)
    _refuse_large(array.nbytes, writers)
    flat = numpy.ascontiguousarray(array, dtype=dtype.newbyteorder("<")).reshape(-1)
    if dtype.kind in WIDEST_FLOAT_BYTES:
        flat = _one_not_a_number(flat)
    return buffer(b"\x00", flat.view(numpy.uint8) if flat.nbytes > INLINE_BYTES else flat.tobytes())


def _write_columns(array: Any, writers: Writers, depth: int) -> bytes:
    # Field by field: the gaps between them hold whatever was in that memory before.
    below = deeper(depth)
    pieces = [text(name) + write_array(array[name], writers, below) for name in array.dtype.names]
    return b"R" + text("numpy.void") + size(len(pieces)) + b"".join(pieces)


def _one_not_a_number(flat: Any) -> Any:
    reals = flat.view("<f%d" % (flat.itemsize // (2 if flat.dtype.kind == "c" else 1)))
    if not numpy.isnan(reals).any():
        return flat
    reals = reals.copy()
    reals[numpy.isnan(reals)] = numpy.nan
    return reals


def _refuse_unknown(dtype: Any) -> None:
    known = dtype.kind in BY_CONTENT and dtype.type.__module__ == "numpy"
    if not known or dtype.itemsize > WIDEST_FLOAT_BYTES.get(dtype.kind, dtype.itemsize):
        raise Refused(
            "has elements of type %s, which are not the same on all machines" % dtype, "convert it to float64 first"
        )


def _refuse_large(count: int, writers: Any) -> None:
    largest = getattr(writers, "largest_bytes", count)
    if count > largest:
        what = "holds %d MiB in one array, and hashing it would take about %.1f s on every call"
        fix = "write key=lambda ...: with a version or a name of the data, or raise largest_bytes"
        raise Refused(what % (count >> 20, count / 1.5e9), fix)
