// The database of known leaks, and how a growing holder finds its entry.

import { describe, expect, it } from "vitest";
import { knownLeaks } from "../../src/app/explain/known-leaks-file.ts";
import { type GrowingHolder, matchKnownLeak, packageKey, upgradeAdvice } from "../../src/diagnose/known-leaks.ts";
import { isInRange } from "../../src/diagnose/version-range.ts";
import { CAUSE_NAMES } from "../../src/model/cause-names.ts";

const LEAKS = knownLeaks();

function growing(module: string | null, name: string | null, type: string, leakedType: string | null): GrowingHolder {
  const kind = type.startsWith("functools") ? "cache" : name === null ? "native" : "module-global";
  return { holder: { module, name, type, kind }, leakedType };
}

function installed(versions: Readonly<Record<string, string>>): (name: string) => string | null {
  return (name) => versions[name] ?? null;
}

describe("data/known-leaks.json", () => {
  it("has at least 25 entries, each with an id of its own", () => {
    expect(LEAKS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(LEAKS.map((each) => each.id)).size).toBe(LEAKS.length);
    expect(LEAKS.map((each) => each.id)).toEqual(LEAKS.map((each) => each.id).toSorted());
  });
  it.each(LEAKS.map((leak) => [leak.id, leak] as const))("%s is complete", (_, leak) => {
    expect(Object.keys(CAUSE_NAMES)).toContain(leak.cause);
    expect(leak.url).toMatch(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull)\/\d+$/);
    expect(leak.summary).toMatch(/^[\w.]+ .*\.$/);
    expect(leak.checked.length).toBeGreaterThan(30);
    expect(leak.holders.length).toBeGreaterThan(0);
    expect(packageKey(leak.package)).toBe(leak.package);
    // A holder without a name is told apart by what piles up in it.
    expect(leak.leaked !== null || leak.holders.every((each) => each.name !== null)).toBe(true);
  });
  it.each(LEAKS.filter((leak) => leak.fixedIn !== null).map((leak) => [leak.id, leak] as const))(
    "%s leaks no more in the version that fixes it",
    (_, leak) => expect(isInRange(leak.fixedIn ?? "", leak.versions)).toBe(false),
  );
});

describe("a growing holder", () => {
  const babel = growing("babel.dates", "_pattern_cache", "dict", "babel.dates.DateTimePattern");
  it("finds its entry when a leaking version is installed", () => {
    expect(matchKnownLeak(babel, LEAKS, installed({ babel: "2.11.0" }))).toEqual({
      id: "babel-pattern-cache",
      package: "babel",
      installedVersion: "2.11.0",
      fixedIn: "2.12.0",
      url: "https://github.com/python-babel/babel/issues/962",
      summary: "Every date pattern that was ever parsed stays in a dict of the module.",
    });
  });
  it("finds none when the installed version has the fix, cannot be read, or nothing is installed", () => {
    for (const versions of [{ babel: "2.12.0" }, { babel: "custom" }, {}])
      expect(matchKnownLeak(babel, LEAKS, installed(versions))).toBe(null);
  });
  it("is compared with all parts of the fingerprint", () => {
    const versions = installed({ babel: "2.11.0" });
    expect(matchKnownLeak({ ...babel, leakedType: "str" }, LEAKS, versions)).toBe(null);
    for (const part of [{ module: "shop.dates" }, { name: "cache" }, { type: "list" }, { kind: "queue" as const }])
      expect(matchKnownLeak({ ...babel, holder: { ...babel.holder, ...part } }, LEAKS, versions)).toBe(null);
  });
  it("may lie in the program, when the name says enough", () => {
    const local = growing("shop.state", "REQUEST._context_refs", "list", "weakref.ReferenceType");
    expect(matchKnownLeak(local, LEAKS, installed({ asgiref: "3.2.7" }))?.id).toBe("asgiref-local-context-refs");
    expect(
      matchKnownLeak(growing("shop", "rows", "list", "weakref.ReferenceType"), LEAKS, installed({ asgiref: "3.2.7" })),
    ).toBe(null);
  });
  it("may be a list inside of the container that is named", () => {
    const inside = growing("marshmallow.class_registry", "_registry['Order']", "list", "marshmallow.schema.SchemaMeta");
    const versions = installed({ marshmallow: "2.16.2" });
    expect(matchKnownLeak(inside, LEAKS, versions)?.id).toBe("marshmallow-class-registry");
    const other = growing("marshmallow.class_registry", "names['Order']", "list", "marshmallow.schema.SchemaMeta");
    expect(matchKnownLeak(other, LEAKS, versions)).toBe(null);
  });
  it("may be the interpreter's own", () => {
    const locks = growing("threading", "_shutdown_locks", "set", "_thread.lock");
    expect(matchKnownLeak(locks, LEAKS, installed({ cpython: "3.8.18" }))?.fixedIn).toBe("3.9.6");
    expect(matchKnownLeak(locks, LEAKS, installed({ cpython: "3.11.7" }))).toBe(null);
  });
  it("gets the entry that says most, when several agree", () => {
    const general = {
      id: "a",
      package: "shop",
      versions: "",
      fixedIn: null,
      cause: "L1",
      leaked: null,
      url: "",
      summary: "",
      checked: "",
    } as const;
    const entries = [
      { ...general, holders: [{ module: "*", name: "*cache", type: null, kind: null }] },
      { ...general, id: "b", holders: [{ module: "shop.prices", name: "*_cache", type: "dict", kind: null }] },
    ];
    const holder = growing("shop.prices", "the_cache", "dict", null);
    expect(matchKnownLeak(holder, entries, installed({ shop: "1" }))?.id).toBe("b");
    expect(matchKnownLeak(holder, entries.toReversed(), installed({ shop: "1" }))?.id).toBe("b");
  });
});

it("advice names the release to upgrade to, if there is one", () => {
  const match = { id: "x", package: "babel", installedVersion: "2.11.0", fixedIn: "2.12.0", url: "URL", summary: "" };
  expect(upgradeAdvice(match)).toBe("This is a known leak of babel 2.11.0, fixed in 2.12.0: upgrade. URL");
  expect(upgradeAdvice({ ...match, fixedIn: null })).toBe(
    "This is a known leak of babel 2.11.0; no release fixes it. URL",
  );
});

it("names of packages are compared as the index does", () => {
  expect(packageKey("Marshmallow_Dataclass")).toBe("marshmallow-dataclass");
});
