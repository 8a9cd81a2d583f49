"""Answers parsed into a model that is made per request: a type adapter is kept for each (openai-python #2672). No service is asked."""

from openai import _models
from pydantic import create_model


def answer(number):
    Answer = create_model("Answer", price=(int, ...))
    return _models.validate_type(type_=list[Answer], value=[{"price": number}])


def exercise(n):
    for number in range(n):
        answer(number)


def held():
    return _models.TypeAdapter.cache_info().currsize
