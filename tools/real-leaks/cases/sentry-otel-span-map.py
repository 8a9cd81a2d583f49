"""Spans that are begun and never ended, as of tasks that are cancelled, stay in the processor's dict (sentry-python #2722)."""

import sentry_sdk
from opentelemetry.sdk.trace import TracerProvider
from sentry_sdk.integrations.opentelemetry.span_processor import SentrySpanProcessor

sentry_sdk.init(dsn="http://key@127.0.0.1:1/1", instrumenter="otel", transport=lambda event: None, traces_sample_rate=1.0)
PROCESSOR = SentrySpanProcessor()
PROVIDER = TracerProvider()
PROVIDER.add_span_processor(PROCESSOR)
TRACER = PROVIDER.get_tracer("shop")


def handle(number):
    TRACER.start_span(f"task {number}")


def exercise(n):
    for number in range(n):
        handle(number)


def held():
    return len(PROCESSOR.otel_span_map)
