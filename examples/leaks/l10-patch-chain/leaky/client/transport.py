"""Sends things."""


def send(text):
    return "sent %s" % text
