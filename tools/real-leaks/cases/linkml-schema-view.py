"""A schema view per file: the cache of a method keeps each of them (linkml #3735)."""

import gc

from linkml_runtime import SchemaView

SCHEMA = """
id: https://example.org/shop
name: shop
prefixes:
  linkml: https://w3id.org/linkml/
default_range: string
types:
  string:
    uri: xsd:string
    base: str
classes:
  Order:
    attributes:
      number: {}
"""


def exercise(n):
    for _ in range(n):
        SchemaView(SCHEMA).class_induced_slots("Order")


def held():
    gc.collect()
    return sum(isinstance(each, SchemaView) for each in gc.get_objects())
