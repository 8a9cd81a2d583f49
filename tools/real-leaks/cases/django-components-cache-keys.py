"""A component whose output is cached, rendered for each request: the key of each rendering is kept (django-components #1607)."""

import django
from django.conf import settings

settings.configure(
    BASE_DIR="/",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django_components"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    COMPONENTS={"autodiscover": False},
    SECRET_KEY="for the case only",
)
urlpatterns = []
django.setup()

from django_components import Component, ComponentCache  # noqa: E402
from django_components.extension import extensions  # noqa: E402


class Price(Component):
    template = "<b>{{ amount }}</b>"

    class Cache(ComponentCache):
        enabled = True

    def get_template_data(self, args, kwargs, slots, context):
        return {"amount": kwargs["amount"]}


def page(number):
    return Price.render(kwargs={"amount": number % 5})


def exercise(n):
    for number in range(n):
        page(number)


def held():
    return len(extensions.get_extension("cache").render_id_to_cache_key)
