"""A signal, as frameworks have it."""


class Signal:
    def __init__(self):
        self._receivers = {}

    def connect(self, receiver):
        self._receivers[id(receiver.__self__)] = receiver  # leak: here

    def send(self, value):
        for receiver in list(self._receivers.values())[-5:]:
            receiver(value)


PRICE_CHANGED = Signal()
