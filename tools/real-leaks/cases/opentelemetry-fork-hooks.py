"""A span processor per tenant, shut down after use: the fork hook holds it (opentelemetry-python #4422, PR #4449)."""

import gc

from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter


class Exporter(SpanExporter):
    def export(self, spans):
        pass

    def shutdown(self):
        pass


def exercise(n):
    for _ in range(n):
        BatchSpanProcessor(Exporter()).shutdown()


def held():
    gc.collect()
    return sum(isinstance(each, Exporter) for each in gc.get_objects())
