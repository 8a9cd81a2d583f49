"""Random values held to a slow oracle: two have the same encoding if and only if they are the same, type by type.

Prints how many pairs were compared and one hash of all encodings, which must not depend on the interpreter or its hash seed.
"""

import collections
import datetime
import decimal
import fractions
import hashlib
import json
import math
import random

from deadweight._cache_keys import FAST_TYPES, KeyOptions, digest, encode

POOL = 500
SEED = 20261121


class Draw:
    """Small values, so that equal ones meet often."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def scalar(self):
        number = self.random.randrange(-2, 3)
        return self.random.choice(
            [
                None,
                bool(number % 2),
                number,
                number * 2**70,
                float(number),
                number * -0.0,
                float("nan"),
                complex(number, 0),
                str(number),
                "abc\ud800"[: number + 2],
                str(number).encode(),
                bytearray(str(number).encode()),
                datetime.date(2024, 1, 3 + number),
                datetime.timedelta(number),
                datetime.datetime(2024, 1, 1, 3 + number, tzinfo=datetime.timezone(datetime.timedelta(hours=number))),
                datetime.datetime(2024, 1, 1, 3 + number),
                decimal.Decimal(number).scaleb(-1),
                decimal.Decimal("1.%s" % ("0" * (number + 2))),
                fractions.Fraction(number, 2),
                range(number),
                range(0, number, 2),
            ]
        )

    def hashable(self, depth):
        if depth == 0 or self.random.random() < 0.5:
            value = self.scalar()
            return bytes(value) if isinstance(value, bytearray) else value
        kind = self.random.choice([tuple, frozenset])
        return kind(self.hashable(depth - 1) for _ in range(self.random.randrange(3)))

    def value(self, depth):
        if depth == 0 or self.random.random() < 0.3:
            return self.scalar()
        count = self.random.randrange(4)
        kind = self.random.choice(["list", "tuple", "deque", "set", "dict", "ordered", "hashable"])
        if kind == "hashable":
            return self.hashable(depth)
        if kind == "set":
            return {self.hashable(depth - 1) for _ in range(count)}
        if kind in ("dict", "ordered"):
            pairs = [(self.hashable(1), self.value(depth - 1)) for _ in range(count)]
            return dict(pairs) if kind == "dict" else collections.OrderedDict(pairs)
        made = [self.value(depth - 1) for _ in range(count)]
        return {"list": list, "tuple": tuple, "deque": collections.deque}[kind](made)

    def respelled(self, value):
        """The same value made in another way: other objects, another order of insertion."""
        if type(value) in (list, tuple, collections.deque):
            return type(value)(self.respelled(each) for each in value)
        if type(value) in (set, frozenset):
            members = [self.respelled(each) for each in value]
            self.random.shuffle(members)
            return type(value)(members)
        if isinstance(value, dict):
            pairs = [(self.respelled(key), self.respelled(each)) for key, each in value.items()]
            if type(value) is dict:
                self.random.shuffle(pairs)
            return type(value)(pairs)
        if type(value) is datetime.datetime and value.tzinfo is not None:
            return value.astimezone(datetime.timezone(datetime.timedelta(minutes=self.random.randrange(-700, 700))))
        return value


def same(one, other):
    """The oracle: type by type, without any order where there is none. Quadratic in the size of sets."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other) or one != one and other != other
    if isinstance(one, complex):
        return same(one.real, other.real) and same(one.imag, other.imag)
    if isinstance(one, decimal.Decimal):
        return one.as_tuple() == other.as_tuple()
    if isinstance(one, datetime.datetime) and (one.tzinfo is None) != (other.tzinfo is None):
        return False
    if type(one) in (list, tuple, collections.deque):
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) in (set, frozenset):
        return matched([(each,) for each in one], [(each,) for each in other])
    if type(one) is dict:
        return matched(list(one.items()), list(other.items()))
    if type(one) is collections.OrderedDict:
        return same([list(each) for each in one.items()], [list(each) for each in other.items()])
    return one == other


def matched(some, others):
    if len(some) != len(others):
        return False
    rest = list(others)
    for each in some:
        at = next((at for at, other in enumerate(rest) if all(map(same, each, other))), None)
        if at is None:
            return False
        rest.pop(at)
    return True


def main():
    draw = Draw(SEED)
    pool = [draw.value(3) for _ in range(POOL)]
    encodings = [encode(value) for value in pool]
    equal = 0
    for at, (value, encoding) in enumerate(zip(pool, encodings)):
        assert encode(draw.respelled(value)) == encoding, (value, encoding)
        for other, beside in zip(pool[:at], encodings[:at]):
            assert same(value, other) == (encoding == beside), (value, other)
            assert encoding == beside or not encoding.startswith(beside), (value, other)
            equal += encoding == beside
    check_fast_types(pool)
    check_equal_numbers(draw)
    # Made from sets of texts as well, whose order is another one under every hash seed.
    words = {"set": {str(at) for at in range(50)}, "frozen": frozenset(map(str, range(50)))}
    whole = hashlib.sha256(b"".join(encodings) + digest([("words", words)])).hexdigest()
    print(json.dumps({"pairs": POOL * (POOL - 1) // 2, "equal": equal, "hash": whole}))


def check_fast_types(pool):
    """What may stand raw in a key meets exactly where its encodings meet."""
    fast = [value for value in pool if type(value) in FAST_TYPES]
    assert len(fast) > 20
    for one in fast:
        for other in fast:
            assert ((type(one), one) == (type(other), other)) == (encode(one) == encode(other)), (one, other)


def check_equal_numbers(draw):
    """Under numeric="equal" keys meet where Python's == holds; NaN, which equals nothing, is one key."""
    options = KeyOptions(numeric="equal")
    assert not options.fast_types & {int, bool}
    numbers = [each for each in (draw.scalar() for _ in range(400)) if is_number(each)]
    numbers += [
        0.1,
        decimal.Decimal("0.1"),
        fractions.Fraction(1, 10),
        0.5,
        decimal.Decimal("0.50"),
        10**400,
        1e300,
        int(1e300),
    ]
    for one in numbers:
        for other in numbers:
            alike = one == other or one != one and other != other
            assert alike == (encode(one, options=options) == encode(other, options=options)), (one, other)


def is_number(value):
    return isinstance(value, (int, float, complex, decimal.Decimal, fractions.Fraction))


main()
