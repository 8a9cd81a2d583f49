// Memory outside of objects in a real process: who owns bytes counts them, who only looks at them counts none.

import { beforeAll, describe, expect, it } from "vitest";
import { describeInterpreter, readableInterpreters } from "../support/interpreters.ts";
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
