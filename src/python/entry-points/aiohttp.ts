import type { Framework } from "./entry-point.ts";

const VERBS = ["get", "post", "put", "delete", "patch", "head", "view"];

/** aiohttp's server. */
export const AIOHTTP: Framework = {
  name: "aiohttp",
  rules: [
    {
      by: "decorator",
      names: [...VERBS.map((verb) => `aiohttp.web.RouteTableDef.${verb}`), "aiohttp.web.middleware"],
      kind: "request",
      why: "a route",
    },
    {
      by: "handed",
      to: VERBS.map((verb) => `aiohttp.web.${verb}`),
      as: ["1", "handler"],
      kind: "request",
      why: "a route",
    },
    {
      by: "handed",
      to: [".add_get", ".add_post", ".add_put", ".add_delete", ".add_patch", ".add_view"],
      as: ["1", "handler"],
      kind: "request",
      why: "a route",
    },
    { by: "handed", to: [".router.add_route"], as: ["2", "handler"], kind: "request", why: "a route" },
    {
      by: "base",
      bases: ["aiohttp.web.View"],
      methods: ["get", "post", "put", "patch", "delete", "head"],
      kind: "request",
      why: "a method of a view class",
    },
  ],
};
