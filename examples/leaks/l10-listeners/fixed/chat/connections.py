"""People who are connected, for as long as one request."""

from chat import bus


class Connection:
    def __init__(self, number):
        self.number = number
        self.missed = ["message %d for %d" % (message, number) for message in range(50)]
        bus.subscribe(self.on_message)

    def on_message(self, event):
        self.missed[-1] = event

    def close(self):
        bus.unsubscribe(self.on_message)


async def answer(number):
    connection = Connection(number)
    bus.publish("hello from %d" % number)
    text = connection.missed[-1]
    connection.close()
    return text
