import type { Framework } from "./entry-point.ts";

const URLS = [
  "django.urls.path",
  "django.urls.re_path",
  "django.conf.urls.url",
  "django.urls.conf.path",
  "django.urls.conf.re_path",
];

const VIEWS = [
  "django.views.View",
  "django.views.generic.View",
  "django.views.generic.base.View",
  "rest_framework.views.APIView",
  "rest_framework.viewsets.ViewSet",
  "rest_framework.viewsets.GenericViewSet",
  "rest_framework.viewsets.ModelViewSet",
  "rest_framework.viewsets.ReadOnlyModelViewSet",
  "rest_framework.generics.GenericAPIView",
  ...[
    "TemplateView",
    "ListView",
    "DetailView",
    "FormView",
    "CreateView",
    "UpdateView",
    "DeleteView",
    "RedirectView",
  ].map((view) => `django.views.generic.${view}`),
  ...["Create", "List", "Retrieve", "Update", "Destroy", "ListCreate", "RetrieveUpdate", "RetrieveUpdateDestroy"].map(
    (view) => `rest_framework.generics.${view}APIView`,
  ),
];

/** Django and Django REST framework. */
export const DJANGO: Framework = {
  name: "Django",
  rules: [
    { by: "handed", to: URLS, as: ["1", "view"], kind: "request", why: "a view in the URL table" },
    { by: "base", bases: VIEWS, methods: "public", kind: "request", why: "a method of a view class" },
    {
      by: "decorator",
      names: [
        "rest_framework.decorators.api_view",
        "rest_framework.decorators.action",
        "django.views.decorators.http.require_http_methods",
        "django.views.decorators.http.require_POST",
        "django.views.decorators.http.require_GET",
        "django.contrib.auth.decorators.login_required",
        "django.views.decorators.csrf.csrf_exempt",
      ],
      kind: "request",
      why: "a view",
    },
    {
      by: "base",
      bases: ["django.utils.deprecation.MiddlewareMixin"],
      methods: "public",
      kind: "request",
      why: "middleware",
    },
    {
      by: "shape",
      matches: ({ fact, module }) =>
        fact.owner !== undefined &&
        [
          "__call__",
          "process_request",
          "process_response",
          "process_view",
          "process_exception",
          "process_template_response",
        ].includes(fact.name) &&
        module.functions.some(
          (other) =>
            other.owner === fact.owner &&
            other.name === "__init__" &&
            other.params.some(({ name }) => name === "get_response"),
        ),
      kind: "request",
      why: "middleware",
    },
    {
      by: "decorator",
      names: ["django.dispatch.receiver", "django.dispatch.dispatcher.receiver"],
      kind: "event",
      why: "a receiver of a signal",
    },
    {
      by: "base",
      bases: ["django.core.management.base.BaseCommand", "django.core.management.BaseCommand"],
      methods: ["handle", "add_arguments"],
      kind: "command",
      why: "a management command",
    },
    {
      by: "base",
      bases: [
        "django.db.models.Model",
        "django.db.models.Manager",
        "django.db.models.QuerySet",
        "django.forms.Form",
        "django.forms.ModelForm",
        "rest_framework.serializers.Serializer",
        "rest_framework.serializers.ModelSerializer",
        "django.contrib.admin.ModelAdmin",
      ],
      methods: "public",
      kind: "request",
      why: "a method that requests use",
    },
    { by: "decorator", names: [".simple_tag", ".inclusion_tag"], kind: "request", why: "a template tag" },
    { by: "handed", to: [".connect"], as: ["0", "receiver"], kind: "event", why: "a receiver of a signal" },
  ],
};
