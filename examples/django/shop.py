"""A shop in Django whose workers keep prices in two caches: one under control, one as people write it.

    export PRICES=prices.txt && echo 100 > prices.txt
    gunicorn --workers 4 --bind 127.0.0.1:8000 shop:application

    deadweight caches clear ns:prices --app django-shop --reason 'new price list'
    deadweight caches clear shop.shipping --match 'gunicorn.*shop:application' --reason 'new price list'
"""

import functools
import os
import time

import deadweight
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="for an example only", DEBUG=False)
django.setup()
deadweight.join("django-shop")
# With a server the cache is shared between hosts, and so are clears: --redis with each command.
server = os.environ.get("REDIS_URL")
tier = deadweight.redis_tier(server, app="django-shop") if server else None


def read_prices():
    """Stands for a database: slow, and changed by others."""
    with open(os.environ["PRICES"]) as file:
        price = int(file.read() or 0)
    time.sleep(0.002)
    return price


@deadweight.cached(maxsize=2000, ttl=300, namespace="prices", tags=["symbol:{symbol}"], single_flight=5, tier=tier)
def quote(symbol):
    return read_prices() + len(symbol)


@functools.lru_cache(maxsize=None)
def shipping(country):
    return read_prices() // 10 + len(country)


def offer(request, symbol):
    return JsonResponse({"quote": quote(symbol), "shipping": shipping(symbol[:2]), "pid": os.getpid()})


urlpatterns = [path("offer/<str:symbol>", offer)]
application = get_wsgi_application()
