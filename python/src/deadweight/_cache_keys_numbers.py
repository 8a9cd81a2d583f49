"""The options of a cache: numbers that are equal in Python share a key, texts are taken in one spelling."""

import unicodedata
from typing import Any, Callable, List

from ._cache_keys_plain import Writer, Writers, extension, write_complex, write_float, write_int, write_str
from ._cache_keys_standard import decimal_text

# Beyond it the digits are not written out: Decimal("1E+999999999") is short, its int is not.
LARGEST_EXPONENT = 5000


def write_equal_int(value: int, writers: Writers, depth: int) -> bytes:
    return write_int(int(value), writers, depth)


def write_equal_float(value: float, writers: Writers, depth: int) -> bytes:
    return write_int(int(value), writers, depth) if value.is_integer() else write_float(value, writers, depth)


def write_equal_complex(value: complex, writers: Writers, depth: int) -> bytes:
    if value.imag == 0:
        return write_equal_float(value.real, writers, depth)
    # Adding 0.0 makes 0.0 of -0.0.
    return write_complex(complex(value.real + 0.0, value.imag + 0.0), writers, depth)


def write_equal_fraction(value: Any, writers: Writers, depth: int) -> bytes:
    if value.denominator == 1:
        return write_int(value.numerator, writers, depth)
    try:
        near = float(value)
    except OverflowError:
        near = float("inf")
    if near - near == 0 and near == value:
        return write_float(near, writers, depth)
    numbers = write_int(value.numerator, writers, depth), write_int(value.denominator, writers, depth)
    return extension("fraction", *numbers)


def write_equal_decimal(value: Any, writers: Writers, depth: int) -> bytes:
    if not value.is_finite():
        return write_float(float("nan") if value.is_nan() else float(value), writers, depth)
    if not value:
        return write_int(0, writers, depth)
    digits, exponent = decimal_text(value).split("E")
    kept = digits.rstrip("0")
    power = int(exponent) + len(digits) - len(kept)
    if abs(power) > LARGEST_EXPONENT:
        return extension("decimal", write_str("%sE%d" % (kept, power), writers, depth))
    from fractions import Fraction

    return write_equal_fraction(Fraction(value), writers, depth)


def text_writer(normalize: str, casefold: bool, strip: bool) -> Writer:
    """Writes a text in one spelling: stripped, normalised, folded, and normalised again."""
    steps: List[Callable[[str], str]] = []
    if strip:
        steps.append(str.strip)
    if normalize:
        steps.append(_normaliser(normalize))
    if casefold:
        steps.append(str.casefold)
        # Folding may take a text out of its normal form.
        steps.extend([_normaliser(normalize)] if normalize else [])

    def write_text(value: str, writers: Writers, depth: int) -> bytes:
        for step in steps:
            value = step(value)
        return write_str(value, writers, depth)

    return write_text


def _normaliser(form: Any) -> Callable[[str], str]:
    return lambda value: unicodedata.normalize(form, value)
