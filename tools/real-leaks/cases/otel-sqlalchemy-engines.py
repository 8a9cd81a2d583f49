"""An engine per tenant, disposed of after use: its tracer's listeners hold it (opentelemetry-python-contrib #1761)."""

import gc

from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
import sqlalchemy
from sqlalchemy.engine import Engine

SQLAlchemyInstrumentor().instrument()


def exercise(n):
    for _ in range(n):
        engine = sqlalchemy.create_engine("sqlite://")
        engine.connect().close()
        engine.dispose()


def held():
    gc.collect()
    return sum(isinstance(each, Engine) for each in gc.get_objects())
