// Memory outside of objects in a real process: who owns bytes counts them, who only looks at them counts none.

import { beforeAll, describe, expect, it } from "vitest";
import { describeInterpreter, readableInterpreters, type TestInterpreter } from "../support/interpreters.ts";
import { packageVenv } from "../support/package-venv.ts";
import { type Buffers, readBuffers } from "../support/truth/buffers.ts";

const interpreters = readableInterpreters();

describe.each(interpreters.map((python) => [describeInterpreter(python), python] as const))(
  "%s",
  (_, { path, minor }) => {
    let buffers: Buffers;
    beforeAll(async () => {
      buffers = await readBuffers(path);
    });

    it.each(["bytes", "array of doubles", "array of bytes", "bytearray", "view of bytes", "view of an array"])(
      "gives %s the size that Python gives it",
      (name) => {
        const { shallowBytes, trueBytes } = buffers.at(name);
        expect(shallowBytes).toBe(trueBytes);
      },
    );

    it("counts what an array holds, and not what a view of it shows", () => {
      expect(buffers.at("array of doubles").shallowBytes).toBeGreaterThanOrEqual(100 * 8);
      expect(buffers.at("bytearray").shallowBytes).toBeGreaterThanOrEqual(500);
      expect(buffers.at("view of bytes").shallowBytes).toBeLessThan(250);
      expect(buffers.at("view of an array").shallowBytes).toBe(buffers.at("view of bytes").shallowBytes);
    });

    it("counts the bytes of a stream once, at the bytes object", () => {
      const { shallowBytes, trueBytes, type } = buffers.at("stream");
      expect(type).toBe("_io.BytesIO");
      // sys.getsizeof adds the bytes object that the stream has to itself.
      expect(trueBytes - shallowBytes).toBeGreaterThan(700);
      const sharing = buffers.at("stream sharing bytes");
      expect(sharing.holds).toContain(buffers.at("bytes").node);
      expect(sharing.shallowBytes).toBe(minor >= 8 ? sharing.trueBytes : 0);
    });
  },
);

// The last of each that pip has wheels for.
const NUMPY_1 = { requirement: "numpy<2", minors: [11, 10, 9, 12, 8] };
const NUMPY_2 = { requirement: "numpy>=2", minors: [13, 12, 11, 10, 9] };

describe.each([NUMPY_1, NUMPY_2])("$requirement", ({ requirement, minors }) => {
  let buffers: Buffers | null = null;
  let reason = "";
  beforeAll(async () => {
    const python = firstOf(minors);
    const venv =
      python === undefined ? { reason: `no interpreter for ${requirement}` } : packageVenv(python, [requirement]);
    if ("reason" in venv) reason = venv.reason;
    else buffers = await readBuffers(venv.program, "numpy");
  }, 240_000);
  const arrays = (skip: (why: string) => never): Buffers => buffers ?? skip(reason);

  it("counts owned elements, as numpy does", ({ skip }) => {
    const { at, numpy } = arrays(skip);
    expect(numpy).toMatch(requirement === "numpy<2" ? /^1\./ : /^2\./);
    for (const [name, bytes] of [
      ["owner", 8000],
      ["matrix", 2400],
      ["texts", 80],
      ["nothing", 0],
    ] as const) {
      const { shallowBytes, trueBytes, type } = at(name);
      expect([name, type, shallowBytes]).toEqual([name, "numpy.ndarray", trueBytes]);
      expect(shallowBytes).toBeGreaterThanOrEqual(bytes);
    }
    expect(at("owner").shallowBytes - at("slice").shallowBytes).toBe(8000);
  });

  it("counts no elements of a view, which holds what it shows", ({ skip }) => {
    const { at } = arrays(skip);
    for (const name of ["slice", "every other", "reshaped"]) {
      expect(at(name).holds, name).toContain(at("owner").node);
      expect(at(name).shallowBytes, name).toBeLessThan(200);
      expect(at(name).shallowBytes, name).toBe(at(name).trueBytes);
    }
    expect(at("over bytes").shallowBytes).toBeLessThan(200);
  });

  it("holds the elements of an array of objects, once", ({ skip }) => {
    const { at, elements } = arrays(skip);
    expect(elements).not.toContain(null);
    expect(at("objects").holds.filter((node) => elements.includes(node))).toEqual(elements);
    expect(at("column of objects").holds.filter((node) => elements.includes(node))).toEqual([]);
    expect(at("column of objects").holds).toContain(at("objects").node);
  });
});

function firstOf(minors: readonly number[]): TestInterpreter | undefined {
  // pip makes environments from whole installations; a distribution's interpreter may come without venv.
  const usable = interpreters.filter(({ stripped, unpacked }) => !stripped && !unpacked);
  return minors.flatMap((minor) => usable.filter((python) => python.minor === minor)).at(0);
}
