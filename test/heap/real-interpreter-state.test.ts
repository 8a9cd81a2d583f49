// What the interpreter's own state keeps, on every interpreter found: each table by its name, and followed from outside.

import { describe, expect, it } from "vitest";
import { queryTop, queryWhy } from "../../src/app/heap-queries.ts";
import { analyse } from "../../src/heap/analyse.ts";
import { holderOf } from "../../src/heap/holders/holder-of.ts";
import { settleOwners } from "../../src/heap/holders/ownership.ts";
import { pickGauges } from "../../src/heap/queries/gauges.ts";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";
import { snapshotOfProgram } from "./snapshot-of-program.ts";

const PROGRAM = `
import codecs, os, sys
def hook(number):
    rows = ["row %d of %d" % (row, number) for row in range(20)]
    return lambda *_: rows and None
for number in range(400):
    os.register_at_fork(after_in_child=hook(number))
    codecs.register(hook(number))
    sys.addaudithook(hook(number))
    codecs.register_error("error-%d" % number, hook(number))
for number in range(3000):
    sys.intern("never said before %d" % number)
print("ready", flush=True)
sys.stdin.readline()
`;

describe.each(readableInterpreters().map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, python) => {
    it("names what it was given", async () => {
      const snapshot = await snapshotOfProgram(python, PROGRAM);

      const expected = ["after_forkers_child", "audit_hooks", "codec_error_registry", "codec_search_path"];
      const listed = queryTop(snapshot, { limit: 200 }).byHolder.filter(({ holder }) =>
        holder.path.startsWith("<inter"),
      );
      expect(listed.map(({ holder }) => holder.path)).toEqual(
        expect.arrayContaining(expected.map((part) => `<interpreter state>.${part}`)),
      );
      for (const { holder, entries } of listed.filter(({ holder: { name } }) => expected.includes(name ?? ""))) {
        expect(holder.kind).toBe("callback-list");
        expect(entries).toBeGreaterThanOrEqual(400);
        const why = queryWhy(snapshot, holder.path, {});
        expect(why.ok && why.value.subjects[0]?.paths[0]?.path).toBe(holder.path);
      }

      const heap = settleOwners(analyse(snapshot));
      const followed = pickGauges(heap).map(({ node, entries }) => [holderOf(heap, node).name, entries] as const);
      const entriesOf = new Map(followed);
      for (const part of expected) expect(entriesOf.get(part)).toBeGreaterThanOrEqual(400);
      // Up to 3.11 the table is a variable of the C library, which no struct leads to, and its strings die with their last user.
      if (python.minor === 12) expect(entriesOf.get("interned_strings")).toBeGreaterThan(3000);
      if (python.minor === 12)
        expect(listed.find(({ holder }) => holder.name === "interned_strings")).toMatchObject({
          holder: { kind: "interpreter", type: "dict" },
          mostly: { type: "str" },
        });
    }, 60_000);
  },
);
