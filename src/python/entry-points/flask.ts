import type { Framework } from "./entry-point.ts";

const OWNERS = ["flask.Flask", "flask.Blueprint", "quart.Quart", "quart.Blueprint", "sanic.Sanic", "bottle"];

const of = (...methods: readonly string[]): readonly string[] =>
  OWNERS.flatMap((owner) => methods.map((method) => `${owner}.${method}`));

/** Flask, and what copied its way to register. */
export const FLASK: Framework = {
  name: "Flask",
  rules: [
    {
      by: "decorator",
      names: [...of("route", "get", "post", "put", "delete", "patch"), ".route"],
      kind: "request",
      why: "a route",
    },
    {
      by: "decorator",
      names: [
        ...of(
          "before_request",
          "after_request",
          "teardown_request",
          "errorhandler",
          "context_processor",
          "url_value_preprocessor",
        ),
        ".before_request",
        ".after_request",
        ".teardown_request",
        ".before_app_request",
        ".after_app_request",
        ".teardown_appcontext",
        ".errorhandler",
        ".app_errorhandler",
        ".context_processor",
        ".user_loader",
        ".request_loader",
      ],
      kind: "request",
      why: "a hook of every request",
    },
    { by: "decorator", names: [".cli.command"], kind: "command", why: "a command" },
    { by: "handed", to: [".add_url_rule"], as: ["2", "view_func"], kind: "request", why: "a view function" },
    {
      by: "handed",
      to: [".before_request", ".after_request", ".teardown_request", ".teardown_appcontext", ".register_error_handler"],
      as: ["0", "1", "f"],
      kind: "request",
      why: "a hook of every request",
    },
    {
      by: "base",
      bases: ["flask.views.View", "flask.views.MethodView", "flask_restful.Resource", "flask_restx.Resource"],
      methods: ["get", "post", "put", "patch", "delete", "head", "options", "dispatch_request"],
      kind: "request",
      why: "a method of a view class",
    },
  ],
};
