// Starts buffers.py and reads its heap: objects by the name of the place they were put in.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { readProcess } from "../../../src/app/read-target.ts";
import type { NodeIx } from "../../../src/base/brand.ts";
import { shallowBytesOf, typeNameOf } from "../../../src/heap/analysis/edges.ts";
import type { Snapshot } from "../../../src/heap/snapshot.ts";
import { nodeAt } from "./node-address.ts";

/** One object: what we read, and what Python says. */
export interface BufferRead {
  readonly node: NodeIx;
  readonly type: string;
  readonly shallowBytes: number;
  /** `sys.getsizeof`. */
  readonly trueBytes: number;
  /** The objects it leads to. */
  readonly holds: readonly NodeIx[];
}

export interface Buffers {
  at(name: string): BufferRead;
  /** The elements of the array "objects", in order. */
  readonly elements: readonly (NodeIx | null)[];
  readonly numpy: string | null;
}

interface Said {
  readonly places: Readonly<Record<string, { readonly id: number; readonly size: number }>>;
  readonly elements: readonly number[];
  readonly numpy: string | null;
}

/** `program` runs buffers.py; the process is gone when this returns. */
export async function readBuffers(program: string, ...args: readonly string[]): Promise<Buffers> {
  const script = `${import.meta.dirname}/buffers.py`;
  const child = spawn(program, ["-B", script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = (await lines.next()) as { readonly value: string | undefined };
    if (value === undefined) throw new Error(`${program} buffers.py ended without a word`);
    const read = await readProcess(child.pid ?? 0, { maxPauseMs: 5000, values: false, progress: () => {} });
    if (!read.ok) throw new Error(read.error.code);
    return buffersIn(read.value, JSON.parse(value) as Said);
  } finally {
    child.kill("SIGKILL");
  }
}

function buffersIn(snapshot: Snapshot, said: Said): Buffers {
  return {
    at: (name) => {
      const place = said.places[name];
      const node = place === undefined ? null : nodeAt(snapshot.nodes, place.id);
      if (place === undefined || node === null) throw new Error(`nothing was found at the place "${name}"`);
      const { edgeStart, edgeTarget } = snapshot.refs;
      return {
        node,
        type: typeNameOf(snapshot, node),
        shallowBytes: shallowBytesOf(snapshot, node),
        trueBytes: place.size,
        holds: [...edgeTarget.subarray(edgeStart[node], edgeStart[node + 1])] as NodeIx[],
      };
    },
    elements: said.elements.map((id) => nodeAt(snapshot.nodes, id)),
    numpy: said.numpy,
  };
}
