"""A generic answer around a model made for each form: the parametrised class is kept (pydantic #3829, #4083)."""

from typing import Generic, TypeVar

from pydantic import create_model, generics

Item = TypeVar("Item")


class Answer(generics.GenericModel, Generic[Item]):
    item: Item


calls = 0


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        form = create_model(f"Form{calls}", amount=(int, ...))
        Answer[form](item={"amount": calls})


def held():
    return len(generics._generic_types_cache)
