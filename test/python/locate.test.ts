import { describe, expect, it } from "vitest";
import { locate } from "../../src/python/locate.ts";
import { project } from "../support/python-project.ts";

const SHOP = project({
  "app/sessions.py": [
    "REGISTRY = {}",
    "class Store:",
    "    shared = []",
    "    def put(self, x):",
    "        self.shared.append(x)",
    "def remember(user):",
    "    REGISTRY[user] = user",
    "def forget(user):",
    "    REGISTRY.pop(user, None)",
    "def make_handler():",
    "    rows = []",
    "    def handle(x, seen=[]):",
    "        rows.append(x)",
    "        seen.append(x)",
    "    return handle",
  ].join("\n"),
});

function lines(holder: { readonly name: string; readonly path: string }): unknown {
  const found = locate(SHOP, { module: "app.sessions", ...holder });
  if (found === null) return null;
  return [found.name, found.defined.line, found.writes.map(({ line }) => line), found.removals.map(({ line }) => line)];
}

describe("from a holder to its lines", () => {
  it("finds globals, also by a path into their data", () => {
    const path = "sys.modules['app.sessions'].REGISTRY";
    const expected = ["app.sessions.REGISTRY", 1, [7], [9]];
    expect(lines({ name: "REGISTRY", path })).toEqual(expected);
    expect(lines({ name: "REGISTRY['k.1'].rows", path })).toEqual(expected);
  });

  it("finds attributes of classes, closure variables and defaults", () => {
    expect(lines({ name: "Store.shared", path: "" })).toEqual(["app.sessions.Store.shared", 3, [5], []]);
    expect(lines({ name: "rows", path: "<closure make_handler at app/sessions.py:12>.rows" })).toEqual([
      "app.sessions.make_handler.<locals>.rows",
      11,
      [13],
      [],
    ]);
    expect(lines({ name: "x", path: "<default of handle(seen) at app/sessions.py:12>" })).toEqual([
      "app.sessions.make_handler.<locals>.handle.<defaults>.seen",
      12,
      [14],
      [],
    ]);
  });

  it("has no answer for what the project does not define", () => {
    expect(lines({ name: "OTHER", path: "" })).toBeNull();
    expect(locate(SHOP, { module: null, name: null, path: "<frame>" })).toBeNull();
  });
});
