// What queries select, in which order, and what they say of what they do not understand.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { analyse } from "../../../src/heap/analyse.ts";
import { parseQuery } from "../../../src/heap/query/parse-query.ts";
import { explainQueryError } from "../../../src/heap/query/query-tree.ts";
import { runQuery } from "../../../src/heap/query/run-query.ts";
import type { Snapshot } from "../../../src/heap/snapshot.ts";
import { QUERY_FIELDS, type QueryReport } from "../../../src/model/query-report.ts";
import { anySnapshot } from "../../support/any-snapshot.ts";
import { heap } from "../../support/snapshot-language.ts";

const SHOP = `
  modules['app'].REGISTRY: dict(1000) { 'a': s@Session { rows: list(500) [ 3 * str(100) ] }, 'b': Session { rows: list(90) [] } }
  modules['app'].LAST: list(80) [ @s ]
  modules['other'].NAMES: dict(300) { 'x': 'pending', 'y': 'pending', 'z': 'done' }
  garbage: a@Node { other: Node { other: @a } }
`;

function ask(query: string, snapshot: Snapshot = heap(SHOP)): QueryReport {
  const read = parseQuery(query);
  if (!read.ok) throw new Error(explainQueryError(read.error));
  return runQuery(analyse(snapshot), read.value, query);
}

function paths(query: string): readonly string[] {
  return ask(query).rows.map(({ path }) => path);
}

function refusal(query: string): string {
  const read = parseQuery(query);
  return read.ok ? "understood" : explainQueryError(read.error);
}

describe("a query selects", () => {
  it("objects of a type, with or without its module", () => {
    expect(ask("Session").matched).toBe(2);
    expect(ask("app.Session").matched).toBe(2);
    expect(ask("other.Session").matched).toBe(0);
  });
  it("several types, and types that fit a pattern", () => {
    expect(ask("Session, list").matched).toBe(2 + ask("list").matched);
    expect(ask("app.S*").matched).toBe(2);
    expect(ask("S?ssion").matched).toBe(2);
  });
  it("all objects", () => {
    const all = heap(SHOP).nodes.count - 1;
    for (const query of ["objects", "*", "", "where size >= 0"]) expect(ask(query).matched, query).toBe(all);
  });
  it("by the number of entries, which only containers have", () => {
    expect(paths("dict where entries = 2 and module = app and size > 900")).toEqual(["sys.modules['app'].REGISTRY"]);
    expect(ask("Session where entries != 5").matched).toBe(0);
  });
  it("by bytes, in units", () => {
    expect(paths("objects where size > 0.9k and module = app")).toEqual(["sys.modules['app'].REGISTRY"]);
  });
  it("by the module that leads to it", () => {
    expect(ask("dict where module = other and size = 300").matched).toBe(1);
    expect(ask("dict where module = app and size = 300").matched).toBe(0);
    expect(ask("Node where module = <garbage>").matched).toBe(2);
  });
  it("by text", () => {
    expect(ask("str where text = pending").matched).toBe(2);
    expect(ask("str where text ~ 'pend*'").matched).toBe(2);
    expect(ask("str where text != pending and text ~ '*'").matched).toBeGreaterThan(0);
  });
  it("garbage, and what is none", () => {
    expect(ask("Node where garbage").matched).toBe(2);
    expect(ask("Node where not garbage").matched).toBe(0);
  });
  it("by who refers to it and how far it is", () => {
    expect(paths("Session where referrers > 1")).toEqual([expect.stringContaining("app")]);
    expect(ask("objects where depth = 0").matched).toBeGreaterThan(0);
    expect(ask("Node where depth >= 0").matched).toBe(0);
  });
  it("with and before or, and parentheses before both", () => {
    const either = ask("objects where size = 300 or size = 500 and type = list").matched;
    expect(either).toBe(2);
    expect(ask("objects where (size = 300 or size = 500) and type = list").matched).toBe(1);
  });
});

describe("a query answers", () => {
  it("in the order that is asked for", () => {
    expect(ask("list order by size limit 2").rows.map(({ shallowBytes }) => shallowBytes)).toEqual([500, 90]);
    expect(
      ask("list where module = app order by size asc limit 2").rows.map(({ shallowBytes }) => shallowBytes),
    ).toEqual([80, 90]);
  });
  it("with what would be freed if all of them went away", () => {
    const { retainedBytes, rows } = ask("dict where size = 1000");
    expect(retainedBytes).toBe(rows[0]?.retainedBytes);
  });
  it("in groups, with sums", () => {
    expect(ask("str where text ~ '*' and module = other group by text order by count limit 1").groups).toEqual([
      expect.objectContaining({ name: "pending", count: 2 }),
    ]);
    const groups = ask("objects group by type").groups ?? [];
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(ask("objects").matched);
  });
});

describe("a query that is none", () => {
  it("is shown with a mark under the place", () => {
    expect(refusal("dict where entires > 10k")).toBe(
      ["There is no field entires. Did you mean entries?", "  dict where entires > 10k", "             ^^^^^^^"].join(
        "\n",
      ),
    );
  });
  it.each([
    ["dict where", "A field is missing; there are type, module"],
    ["dict where entries", "After entries a comparison is needed"],
    ["dict where entries >", "a value is missing"],
    ["dict where entries > many", "many is none. Examples: 100, 10k, 1M."],
    ["dict where size > 1e3", "Examples: 4096, 10k, 1.5MiB."],
    ["dict where type > 3", "type is a text: compare it with =, != or ~"],
    ["dict where entries ~ 3", "entries is a number"],
    ["dict where (entries > 3", ") is missing"],
    ["dict where type = 'Session", "This quote is not closed."],
    ["dict order entries", "After order stands by"],
    ["dict order by type", "There is no order by type"],
    ["dict limit 0", "limit takes a number from 1"],
    ["dict limt 5", "Did you mean limit?"],
    ["dict limit 5 where size > 3", "The order is: types, where, group by, order by, limit."],
    ["dict group by size", "There is no group size"],
    ["dict group by type order by depth", "There is no order of groups depth"],
    ["> 3", "A type stands first"],
  ])("%s", (query, sentence) => expect(refusal(query)).toContain(sentence));

  it("is never a crash, whatever it is", () => {
    const words =
      "dict where and or not ( ) entries type > = ~ 10k 'a''b' \" order by group limit 5 garbage , app.* <native> ! [";
    const word = fc.constantFrom(...words.split(" "), "\n");
    const snapshot = heap(SHOP);
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 4 })), { maxLength: 12 }), (words) => {
        const read = parseQuery(words.join(" "));
        if (read.ok) runQuery(analyse(snapshot), read.value, "");
        else expect(read.error.start).toBeLessThanOrEqual(read.error.end);
      }),
    );
  });
});

describe("on any heap", () => {
  it("a condition and its opposite divide the objects", () => {
    const conditions = ["size > 100", "type ~ 'a*'", "module = app", "garbage", "referrers >= 2", "retained > 1k"];
    fc.assert(
      fc.property(anySnapshot(), fc.constantFrom(...conditions), (snapshot, condition) => {
        const count = (query: string): number => ask(query, snapshot).matched;
        expect(count(`objects where ${condition}`) + count(`objects where not (${condition})`)).toBe(
          snapshot.nodes.count - 1,
        );
      }),
      { numRuns: 40 },
    );
  });
});

it("docs/query.md explains every field", () => {
  const page = readFileSync("docs/query.md", "utf8");
  for (const { name, is } of QUERY_FIELDS) expect(page).toContain(`| \`${name}\` | ${is} |`);
});
