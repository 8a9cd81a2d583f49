"""Tells listeners what happened."""

LISTENERS = []


def subscribe(listener):
    LISTENERS.append(listener)


def unsubscribe(listener):
    LISTENERS.remove(listener)


def publish(event):
    for listener in LISTENERS[-20:]:
        listener(event)
