"""A schema asked for in a request: the cache keys hold the frame of the caller (marshmallow_dataclass #198)."""

import gc
from dataclasses import dataclass

import marshmallow_dataclass
from marshmallow import Schema


@dataclass
class Order:
    number: int


class Body:
    """Stands for what a request brings."""

    def __init__(self):
        self.data = bytearray(2000)


def handle(number):
    body = Body()
    return marshmallow_dataclass.class_schema(Order, base_schema=Schema)().load({"number": number}), len(body.data)


def exercise(n):
    for number in range(n):
        handle(number)


def held():
    return sum(isinstance(each, Body) for each in gc.get_objects())
