"""Rows of queries with a generic SQL function, each of which brings a type of its own (databases #272). Only PostgreSQL is left out."""

import sqlalchemy
from databases.backends import postgres
from sqlalchemy.dialects import postgresql

DIALECT = postgresql.dialect()


def fetch():
    query = sqlalchemy.select([sqlalchemy.func.count().label("orders")])
    compiled = query.compile(dialect=DIALECT)
    columns = compiled._result_columns
    row = postgres.Record((7,), columns, DIALECT, postgres.PostgresConnection._create_column_maps(columns))
    return row["orders"]


def exercise(n):
    for _ in range(n):
        fetch()


def held():
    return len(getattr(postgres, "_result_processors", ()))
