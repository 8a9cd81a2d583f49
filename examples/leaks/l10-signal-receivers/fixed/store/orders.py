"""Orders know when a price changes."""

from store import models


class Order:
    def __init__(self, number):
        self.lines = ["line %d of order %d" % (line, number) for line in range(60)]
        self.price = number
        models.PRICE_CHANGED.connect(self.reprice)

    def reprice(self, price):
        self.price = price


def answer(number):
    order = Order(number)
    models.PRICE_CHANGED.send(number % 100)
    return "%d for %d lines" % (order.price, len(order.lines))
