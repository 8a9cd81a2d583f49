"""What somebody wants to buy."""

SIZES = [0]


class Cart:
    def __init__(self, owner):
        self.owner = owner
        self.items = []

    def add(self, name):
        self.items.append((self.owner, name))


def answer(number):
    cart = Cart("user-%d" % number)
    for item in range(30):
        cart.add("item %d of user %d" % (item, number))
    SIZES[0] = len(cart.items)
    return "%d items" % len(cart.items)
