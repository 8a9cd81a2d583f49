"""Reads pages."""

from crawler import frontier


def answer(number):
    links = ["https://shop.example/list/%d/item-%d?ref=page" % (number, item) for item in range(40)]
    return "%d new links" % len(frontier.new_among(links))
