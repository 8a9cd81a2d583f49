"""Trace headers added to outgoing calls: each adds a global event processor (getsentry/sentry-python #6267)."""

import sentry_sdk
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation import set_span_in_context
from sentry_sdk.integrations.opentelemetry.propagator import SentryPropagator

sentry_sdk.init(dsn=None, traces_sample_rate=1.0)
trace.set_tracer_provider(TracerProvider())
TRACER = trace.get_tracer(__name__)
PROPAGATOR = SentryPropagator()


def exercise(n):
    for _ in range(n):
        with TRACER.start_as_current_span("call") as span:
            PROPAGATOR.inject({}, set_span_in_context(span))


def held():
    return len(sentry_sdk.scope.global_event_processors)
