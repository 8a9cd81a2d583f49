// Which containers are followed, and in which order.

import { describe, expect, it } from "vitest";
import { analyse } from "../../src/heap/analyse.ts";
import { settleOwners } from "../../src/heap/holders/ownership.ts";
import { holderOf } from "../../src/heap/holders/holder-of.ts";
import { pickGauges } from "../../src/heap/queries/gauges.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { heap } from "../support/snapshot-language.ts";

describe("pickGauges", () => {
  it("follows named containers, the empty ones too", () => {
    const picked = pathsOf(
      program(`
        modules['app'].CACHE: dict {}
        modules['app'].rows: list []
        modules['app'].Service: class Service { registry: list [ int ] }
        modules['app'].handler: def 'make.<locals>.handler' at '/srv/app.py':31 { closure seen: set [] }
      `),
    );
    expect(picked).toEqual(
      expect.arrayContaining([
        "sys.modules['app'].CACHE",
        "sys.modules['app'].rows",
        "sys.modules['app'].Service.registry",
      ]),
    );
    expect(picked.some((path) => path.includes("seen"))).toBe(true);
  });

  it("puts what is near to a name before what is large", () => {
    const picked = pathsOf(
      program(`
        modules['app'].nested: dict { 'k1': list [ int, int, int, int ], 'k2': list [ int ] }
        modules['app'].service: Service { jobs: list [] }
      `),
    ).filter((path) => path.includes("."));
    const at = (text: string): number => picked.findIndex((path) => path.endsWith(text));
    expect(at(".nested")).toBeLessThan(at(".jobs"));
    expect(at(".jobs")).toBeLessThan(at("['k1']"));
    expect(at("['k1']")).toBeLessThan(at("['k2']"));
  });

  it("gives a cache its bound, and leaves its dict to it", () => {
    const gauges = gaugesOf(
      program("modules['app'].compute: lru_cache(8) def 'compute' at '/srv/app.py':5 [ list [] ]"),
    );
    expect(gauges.filter(({ kind }) => kind === "lru-cache")).toMatchObject([{ bound: 8, entries: 1 }]);
  });

  it("finds what bounds a queue or a cache beside it", () => {
    const gauges = gaugesOf(
      program(`
        modules['app'].jobs: Queue { queue: list [ str, str, str, str ] maxsize: int }
        modules['app'].pages: LRUCache ~{ _Cache__data: dict { 'a': str, 'b': str, 'c': str, 'd': str } _Cache__maxsize: int }
        modules['app'].other: Waiter { getters: list [ str, str ] maxsize: int }
      `),
    );
    const bounded = gauges.filter(({ entries }) => entries === 4);
    expect(bounded.map(({ boundAt }) => boundAt !== null)).toEqual([true, true]);
    expect(gauges.filter(({ kind, entries }) => kind === "list" && entries === 2)).toMatchObject([{ boundAt: null }]);
  });

  it("leaves out garbage, what only the interpreter holds, attributes of objects and what cannot change", () => {
    const picked = gaugesOf(
      program(`
        modules['app'].user: User ~{ name: str }
        modules['app'].fixed: frozenset [ int ]
        interpreter: dict { 'interned': str }
        garbage: a@list [ @a ]
      `),
    );
    // sys.modules and the namespace of the module do grow in some programs.
    expect(picked.map(({ kind }) => kind)).toEqual(["dict", "dict"]);
  });

  it("keeps to its limit, and gives the same every time", () => {
    const snapshot = program(
      "modules['app'].rows: list [ list [ int ], list [ int, int ], dict {}, list [ int, int, int ] ]",
    );
    const all = gaugesOf(snapshot);
    expect(gaugesOf(snapshot)).toEqual(all);
    for (let limit = 0; limit <= all.length; limit++) {
      expect(gaugesOf(snapshot, limit)).toEqual(all.slice(0, limit));
    }
  });
});

/** As in a real heap, the types are there, too: a gauge needs the address of its own. */
function program(text: string): Snapshot {
  const types = ["dict", "list", "set", "frozenset", "functools._lru_cache_wrapper"];
  return heap(`${types.map((name) => `type ${name}`).join("\n")}\n${text}`);
}

function gaugesOf(snapshot: Snapshot, limit?: number): ReturnType<typeof pickGauges> {
  return pickGauges(settleOwners(analyse(snapshot)), limit);
}

function pathsOf(snapshot: Snapshot): string[] {
  const owned = settleOwners(analyse(snapshot));
  return pickGauges(owned).map(({ node }) => holderOf(owned, node).path);
}
