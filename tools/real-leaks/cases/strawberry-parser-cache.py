"""Queries with their values written into the text: each stays parsed (strawberry-graphql PR #4606)."""

import strawberry
from strawberry.extensions import ParserCache


@strawberry.type
class Query:
    @strawberry.field
    def square(self, side: int) -> int:
        return side * side


CACHE = ParserCache()
SCHEMA = strawberry.Schema(query=Query, extensions=[CACHE])
calls = 0


def exercise(n):
    global calls
    for _ in range(n):
        calls += 1
        SCHEMA.execute_sync("{ square(side: %d) }" % calls)


def held():
    return CACHE.cached_parse_document.cache_info().currsize
