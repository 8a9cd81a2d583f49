"""A small histogram with labels, as metrics libraries have it."""

BOUNDS = tuple(0.001 * 2**step for step in range(24))


class Child:
    def __init__(self, bounds):
        self.buckets = [0.0] * len(bounds)
        self.exemplars = {bound: [] for bound in bounds}
        self.sum = 0.0

    def observe(self, seconds):
        self.sum += seconds
        for index, bound in enumerate(BOUNDS):
            if seconds <= bound:
                self.buckets[index] += 1.0


class Histogram:
    def __init__(self, name, labelnames):
        self.name = name
        self.labelnames = labelnames
        self._children = {}

    def labels(self, *values):
        child = self._children.get(values)
        if child is None:
            child = self._children[values] = Child(BOUNDS)  # leak: here
        return child


LATENCY = Histogram("checkout_seconds", ("method", "order"))
