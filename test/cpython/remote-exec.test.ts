// PEP 768 on a record made by hand: what is written where, and what is refused.

import { describe, expect, it } from "vitest";
import type { Addr } from "../../src/base/brand.ts";
import type { CallPlan } from "../../src/cpython/call-plan.ts";
import { planRemoteExec } from "../../src/cpython/remote-exec.ts";

const [RUNTIME, INTERPRETER, THREAD] = [0x10000, 0x20000, 0x30000];
/** Words before the debugger's group, as the research measured them on 3.14.10 and 3.15.2: 712 and 840 bytes. */
const VERSIONS = [
  ["3.14", 0x030e0af0, 712 / 8, 3 + 3 + 16],
  ["3.15", 0x030f02f0, 840 / 8, 3 + 3 + 16],
] as const;

describe.each(VERSIONS)("Python %s", (_, versionHex, support, thread) => {
  function made(change: (words: Map<number, number>) => void = () => {}): CallPlan {
    const words = new Map<number, number>([
      [1, versionHex],
      [5, 0x400],
      [6, 0x2000],
      [7, 8],
      [8, 16],
      [10, 24],
      [thread, 0x800],
      [thread + 3, 16],
      [support, 24],
      [support + 1, 296],
      [support + 2, 0x1000],
      [support + 3, 0],
      [support + 4, 4],
      [support + 5, 512],
    ]);
    const memory = new Map<number, number>([
      [RUNTIME + 0x400, INTERPRETER],
      [INTERPRETER + 24, THREAD],
      [INTERPRETER + 0x1000, 1],
      [THREAD + 16, INTERPRETER],
      [THREAD + 24, 0x100],
    ]);
    change(words);
    for (const [index, value] of words) memory.set(index < 0 ? -index : RUNTIME + index * 8, value);
    const cookie = new TextEncoder().encode("xdebugpy");
    const read = (address: Addr, length: number): Uint8Array => {
      const bytes = new Uint8Array(Math.ceil(length / 8) * 8 + 8);
      const view = new DataView(bytes.buffer);
      const start = address - (address % 8);
      for (let at = 0; at < bytes.length; at += 8) view.setBigUint64(at, BigInt(memory.get(start + at) ?? 0), true);
      if (start === RUNTIME && words.get(0) !== -1) bytes.set(cookie);
      return bytes.subarray(address % 8, (address % 8) + length);
    };
    return planRemoteExec({ read }, RUNTIME as Addr, versionHex, "/tmp/deadweight-x/line");
  }

  it("writes the path, the flag and the bit, in this order", () => {
    const plan = made();
    if (plan.kind !== "write") throw new Error(JSON.stringify(plan));
    expect(plan.writes.map(({ address }) => address)).toEqual([THREAD + 296 + 4, THREAD + 296, THREAD + 24]);
    expect(new TextDecoder().decode(plan.writes[0]?.bytes)).toBe("/tmp/deadweight-x/line\0");
    expect([...(plan.writes[2]?.bytes ?? [])]).toEqual([0x20, 1, 0, 0, 0, 0, 0, 0]);
  });

  it("keeps to an interpreter that was told to refuse", () => {
    expect(made((words) => words.set(-(INTERPRETER + 0x1000), 0))).toEqual({ kind: "forbidden" });
  });

  it("waits while another script waits", () => {
    expect(made((words) => words.set(-(THREAD + 296), 1)).kind).toBe("busy");
  });

  it.each<[string, (words: Map<number, number>) => void, RegExp]>([
    ["another version", (words) => words.set(1, versionHex + 1), /says it is version/],
    ["a free-threaded build", (words) => words.set(2, 1), /free-threaded/],
    ["no cookie", (words) => words.set(0, -1), /cookie/],
    ["a path of another size", (words) => words.set(support + 5, 64), /64 bytes, not 512/],
    ["places outside of their structs", (words) => words.set(support + 1, 0x700), /outside of their structs/],
    ["a strange setting", (words) => words.set(-(INTERPRETER + 0x1000), 9), /set to 9/],
  ])("refuses %s", (_name, change, seen) => {
    expect(made(change)).toEqual({ kind: "refused", seen: expect.stringMatching(seen) as string });
  });
});
