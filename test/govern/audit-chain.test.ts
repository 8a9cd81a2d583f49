// The log of what was done: whole as it was written, and any change is seen.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AuditEvent, type AuditLine, canonical, chained, verifyChain } from "../../src/govern/audit-chain.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

function event(reason: string): AuditEvent {
  const actor = { user: "ann", uid: 1000, pid: 7, host: "web-3" };
  return { kind: "intent", action: "clear", app: "shop", selector: "ns:a", reason, actor, share: 1, plan: "p" };
}

function logOf(reasons: readonly string[]): string[] {
  let last: AuditLine | null = null;
  return reasons.map((reason, at) => {
    last = chained(last, { at: "2026-01-01T00:00:00Z", op: String(at), event: event(reason) }, hash);
    return JSON.stringify(last);
  });
}

const anyLog = fc.array(fc.string(), { minLength: 2, maxLength: 8 }).map(logOf);

describe("a log", () => {
  it("is whole as it was written", () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        expect(verifyChain(log, hash).fault).toBeNull();
      }),
    );
    expect(verifyChain([], hash).fault).toBeNull();
  });
  it("does not hide that a line is gone, but for the last", () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), (log, at) => {
        const gone = at % (log.length - 1);
        expect(verifyChain(log.toSpliced(gone, 1), hash).fault?.line).toBe(gone + 1);
      }),
    );
  });
  it("does not hide that two lines have changed places", () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), (log, at) => {
        const first = at % (log.length - 1);
        const swapped = log.with(first, log[first + 1] ?? "").with(first + 1, log[first] ?? "");
        expect(verifyChain(swapped, hash).fault?.line).toBe(first + 1);
      }),
    );
  });
  it("does not hide that a character is another", () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), fc.nat(), (log, at, where) => {
        const line = at % log.length;
        const text = log[line] ?? "";
        const place = where % text.length;
        const other = text[place] === "x" ? "y" : "x";
        const changed = log.with(line, text.slice(0, place) + other + text.slice(place + 1));
        expect(verifyChain(changed, hash).fault?.line).toBe(line + 1);
      }),
    );
  });
  it("does not hide that somebody has hashed a changed line anew", () => {
    const log = logOf(["a", "b", "c"]);
    const { hash: _, ...line } = JSON.parse(log[1] ?? "") as AuditLine;
    const forged = { ...line, event: event("forged") };
    const changed = log.with(1, JSON.stringify({ ...forged, hash: hash(canonical(forged)) }));
    expect(verifyChain(changed, hash).fault?.line).toBe(3);
  });
});

describe("a log of which the beginning was checked before", () => {
  it("is checked from there on, and its lines are still counted from the first", () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), fc.nat(), (log, cut, at) => {
        const known = 1 + (cut % (log.length - 1));
        const end = JSON.parse(log[known - 1] ?? "") as AuditLine;
        const rest = log.slice(known);
        expect(verifyChain(rest, hash, end).fault).toBeNull();
        const changed = at % rest.length;
        const edited = rest.with(changed, (rest[changed] ?? "").replace('"ann"', '"bob"'));
        expect(verifyChain(edited, hash, end).fault?.line).toBe(known + changed + 1);
      }),
    );
  });
});

describe("canonical JSON", () => {
  it("is the same for the same object, in whatever order it was written", () => {
    const fields = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fields, (object) => {
        const turned = Object.fromEntries(Object.entries(object).toReversed());
        expect(canonical(turned)).toBe(canonical(object));
        expect(JSON.parse(canonical(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });
});
