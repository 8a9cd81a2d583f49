// The Node client of stable keys: the golden vectors, what JavaScript values become, and what is refused.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  digest,
  encode,
  float,
  instant,
  type KeyOptions,
  type KeyValue,
  ndarray,
  readable,
  tuple,
  UnstableKeyError,
} from "../../src/client/cache-keys.ts";
import { caseFold } from "../../src/client/key-options.ts";
import { floatText } from "../../src/client/float-text.ts";
import { build, readVectors } from "./key-notation.ts";

const hex = (value: KeyValue, options: KeyOptions = {}): string => encode(value, options).toString("hex");

describe("golden vectors in Node", () => {
  const vectors = readVectors();

  it("are enough", () => {
    expect(vectors.values.length).toBeGreaterThanOrEqual(150);
  });

  it("of values: encoding, digest and both readable forms", () => {
    for (const { value, options, ...golden } of vectors.values) {
      const built = build(value);
      const parts = { value: built };
      const made = {
        encoding: hex(built, options),
        digest: digest(parts, options).toString("hex"),
        readable: readable(parts, { ...options, redact: false }),
        redacted: readable(parts, options),
      };
      expect({ value, options, ...made }).toEqual({ value, options, ...golden });
    }
  });

  it("of calls, whatever the order of the arguments", () => {
    for (const { parts, ...golden } of vectors.calls) {
      const built = Object.fromEntries(parts.map(([name, value]) => [name, build(value)]));
      const backwards = Object.fromEntries(Object.entries(built).reverse());
      const made = {
        digest: digest(backwards).toString("hex"),
        readable: readable(built, { limit: 60, redact: false }),
        redacted: readable(built),
        partly: readable(built, { redact: new Set(["user", "query"]) }),
      };
      expect(made).toEqual(golden);
    }
  });
});

describe("JavaScript values", () => {
  it("are the Python values they look like", () => {
    expect(hex({ b: 1, a: [true, null] })).toBe(
      hex(
        new Map<string, KeyValue>([
          ["a", [true, null]],
          ["b", 1],
        ]),
      ),
    );
    expect(hex(42)).toBe(hex(42n));
    expect(hex(1.5)).toBe(hex(float(1.5)));
    expect(hex(-0)).toBe(hex(float(-0)));
    expect(hex(2 ** 53)).toBe(hex(float(2 ** 53)));
    expect(hex(new Date("2024-01-31T12:00:00.250Z"))).toBe(hex(instant("2024-01-31T12:00:00.25Z")));
    expect(hex(Buffer.from("a"))).toBe(hex(new Uint8Array([97])));
    const numbers = new Float64Array([1, 2]);
    expect(hex(numbers)).toBe(hex(ndarray("<f8", [2], Buffer.from(numbers.buffer))));
  });

  it("that are views of one buffer are their own content", () => {
    const whole = new Int32Array([1, 2, 3, 4]);
    expect(hex(whole.subarray(1, 3))).toBe(hex(new Int32Array([2, 3])));
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer);
    expect(hex(odd)).toBe(hex(new Float64Array([NaN])));
  });

  it("keep their types apart", () => {
    const different: KeyValue[] = [
      1,
      float(1),
      true,
      "1",
      Buffer.from("1"),
      [1],
      tuple(1),
      new Set([1]),
      { 1: 1 },
      null,
    ];
    expect(new Set(different.map((value) => hex(value))).size).toBe(different.length);
  });

  it("without a stable key are refused with their place", () => {
    const refusals: readonly (readonly [unknown, string])[] = [
      [undefined, "argument 'filter' is undefined, which Python has not"],
      [{ on: [() => 1] }, "['on'][0] of argument 'filter' is a function"],
      [tuple({ at: Symbol("x") } as never), "[0]['at'] of argument 'filter' is a symbol"],
      [new Map([["a", /x/]]), "['a'] of argument 'filter' is a RegExp"],
      [[1].values(), "argument 'filter' can be read only once"],
      [Promise.resolve(1), "argument 'filter' is still to be awaited"],
      [new (class DbSession {})(), "argument 'filter' is a live connection (DbSession)"],
      [new (class Basket {})(), "argument 'filter' is an instance of Basket"],
      [new Date(NaN), "argument 'filter' is an invalid Date"],
    ];
    for (const [value, start] of refusals) {
      expect(() => digest({ page: 1, filter: value as KeyValue })).toThrow(UnstableKeyError);
      expect(() => digest({ page: 1, filter: value as KeyValue })).toThrow(start);
    }
  });

  it("that hold themselves, or are nested too deep, are refused", () => {
    const holder: KeyValue[] = [1];
    holder.push({ back: holder });
    expect(() => encode(holder)).toThrow("[1]['back'] of argument 'value' leads back to the value 2 levels above it");
    let deep: KeyValue = [];
    for (let level = 1; level < 100; level++) deep = [deep];
    expect(encode(deep).length).toBe(200);
    expect(() => encode([deep])).toThrow("is nested deeper than 100 levels");
    const shared = [1];
    expect(hex([shared, shared])).toBe(hex([[1], [1]]));
  });
});

describe("properties", () => {
  const scalar = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.bigInt(),
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    fc.double().map((value) => float(value)),
  );
  const value: fc.Arbitrary<KeyValue> = fc.letrec<{ value: KeyValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(tie("value"), { maxLength: 4 }).map((items) => tuple(...items)),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    ),
  })).value;

  it("an encoding is never the beginning of another", () => {
    fc.assert(
      fc.property(value, value, (first, second) => {
        const [a, b] = [encode(first), encode(second)];
        expect(a.equals(b) || !a.subarray(0, b.length).equals(b)).toBe(true);
      }),
    );
  });

  it("the order in which a dict or a set was filled does not matter", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.string(), value), { selector: ([key]) => key }), (entries) => {
        const backwards = entries.toReversed();
        expect(hex(new Map(entries))).toBe(hex(new Map(backwards)));
        expect(hex(new Set(entries.map(([key]) => key)))).toBe(hex(new Set(backwards.map(([key]) => key))));
      }),
    );
  });

  it("a readable form never exceeds its limit, and hides what it is to hide", () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 80 }), (shown, limit) => {
        expect(Array.from(readable({ shown }, { limit, redact: false })).length).toBeLessThanOrEqual(limit);
        expect(readable({ shown })).toMatch(/^shown=<[A-Za-z0-9 ]+>$/);
      }),
    );
  });

  it("the text of a float reads back as the same float", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(floatText(number))).toBe(number);
      }),
    );
  });

  it("folding case twice is folding it once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(caseFold(caseFold(text))).toBe(caseFold(text));
      }),
    );
  });
});
