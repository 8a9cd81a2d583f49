"""Makes pages out of articles."""

from serving import stock
from site_pages.cache import PageCache

CACHE = PageCache()


def render(number):
    article = stock.article(number % 100)
    return "".join("<p>%s %d</p>" % (article["title"], line) for line in range(120))


def answer(number):
    address = "/article/%d?visit=%d" % (number % 100, number)
    return CACHE.get_or_make(address, lambda: render(number))[:80]
