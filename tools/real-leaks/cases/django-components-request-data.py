"""Pages rendered with context processors: the data of each request keeps the request (django-components #1607)."""

import django
from django.conf import settings

settings.configure(
    BASE_DIR="/",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django_components"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    COMPONENTS={"autodiscover": False},
    SECRET_KEY="for the case only",
)
urlpatterns = []
django.setup()

from django.http import HttpRequest  # noqa: E402
from django_components import Component  # noqa: E402
from django_components.util import context  # noqa: E402


class Greeting(Component):
    template = "<p>Hello {{ name }}</p>"

    def get_template_data(self, args, kwargs, slots, context):
        return {"name": kwargs["name"]}


def view(number):
    request = HttpRequest()
    request.path = "/greeting/%d" % number
    return Greeting.render(kwargs={"name": "visitor"}, request=request)


def exercise(n):
    for number in range(n):
        view(number)


def held():
    return len(getattr(context, "context_processors_data", ()))
