"""A signal that holds its receivers weakly."""

import weakref


class Signal:
    def __init__(self):
        self._receivers = {}

    def connect(self, receiver):
        key = id(receiver.__self__)
        self._receivers[key] = weakref.WeakMethod(receiver, lambda _: self._receivers.pop(key, None))

    def send(self, value):
        for receiver in list(self._receivers.values())[-5:]:
            alive = receiver()
            if alive is not None:
                alive(value)


PRICE_CHANGED = Signal()
