"""One visit: log in, look at an article, log out."""

from serving import stock
from shop import sessions


def answer(number):
    session = sessions.log_in("user-%d" % (number % 500))
    try:
        return "%s sees %s" % (session.token, stock.article(number)["title"])
    finally:
        sessions.log_out(session)
