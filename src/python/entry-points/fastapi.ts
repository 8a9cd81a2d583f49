import type { Framework } from "./entry-point.ts";

const VERBS = ["get", "post", "put", "delete", "patch", "head", "options", "trace", "websocket", "api_route", "route"];

/** FastAPI, Starlette and Litestar. */
export const FASTAPI: Framework = {
  name: "FastAPI",
  rules: [
    {
      by: "decorator",
      names: [
        "fastapi.FastAPI",
        "fastapi.APIRouter",
        "starlette.applications.Starlette",
        "starlette.routing.Router",
      ].flatMap((owner) => VERBS.map((verb) => `${owner}.${verb}`)),
      kind: "request",
      why: "a path operation",
    },
    {
      by: "decorator",
      names: VERBS.map((verb) => `.${verb}`),
      firstArgument: "/",
      kind: "request",
      why: "a path operation",
    },
    {
      by: "decorator",
      names: VERBS.slice(0, 7).map((verb) => `litestar.${verb}`),
      kind: "request",
      why: "a route handler",
    },
    { by: "decorator", names: [".middleware", ".exception_handler"], kind: "request", why: "a hook of every request" },
    {
      by: "handed",
      to: ["fastapi.Depends", "fastapi.Security", "fastapi.params.Depends"],
      as: ["0", "dependency"],
      kind: "request",
      why: "a dependency of requests",
    },
    { by: "handed", to: [".add_task"], as: ["0", "func"], kind: "task", why: "a background task" },
    {
      by: "handed",
      to: [
        "starlette.routing.Route",
        "starlette.routing.WebSocketRoute",
        ".add_api_route",
        ".add_route",
        ".add_websocket_route",
      ],
      as: ["1", "endpoint"],
      kind: "request",
      why: "an endpoint",
    },
    {
      by: "base",
      bases: [
        "starlette.endpoints.HTTPEndpoint",
        "starlette.endpoints.WebSocketEndpoint",
        "starlette.middleware.base.BaseHTTPMiddleware",
      ],
      methods: ["get", "post", "put", "patch", "delete", "dispatch", "on_connect", "on_receive", "on_disconnect"],
      kind: "request",
      why: "a method of an endpoint class",
    },
  ],
};
