import type { Framework } from "./entry-point.ts";

/** Tornado's handlers and loops. */
export const TORNADO: Framework = {
  name: "Tornado",
  rules: [
    {
      by: "base",
      bases: ["tornado.web.RequestHandler", "tornado.websocket.WebSocketHandler"],
      methods: [
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "head",
        "options",
        "prepare",
        "on_finish",
        "initialize",
        "open",
        "on_message",
        "on_close",
        "data_received",
      ],
      kind: "request",
      why: "a method of a request handler",
    },
    {
      by: "handed",
      to: [".add_callback", ".spawn_callback", ".call_later", ".call_at", "tornado.ioloop.PeriodicCallback"],
      as: ["0", "1"],
      kind: "task",
      why: "a callback of the loop",
    },
  ],
};
