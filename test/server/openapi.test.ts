// docs/openapi.json is what the server says of itself.

import { expect, it } from "vitest";
import { openApi } from "../../src/server/openapi.ts";
import { ALL_ROUTES } from "../../src/server/routes/all-routes.ts";
import { expectGeneratedJson } from "../golden/expect-golden.ts";

it("the description of the API is kept in docs", () => {
  expectGeneratedJson("docs/openapi.json", openApi(ALL_ROUTES, "1"));
});

it("every route has a summary, and every part of its path is a parameter", () => {
  for (const { path, summary, parameters } of ALL_ROUTES) {
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    expect(summary).toMatch(/\.$/);
    expect(parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(inPath));
  }
});
