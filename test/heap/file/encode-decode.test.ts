// The pure half: columns to blocks and back, without compression or a disk.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NodeIx, TypeIx } from "../../../src/base/brand.ts";
import { SnapshotDecoder } from "../../../src/heap/file/decode-snapshot.ts";
import { encodeSnapshot, headerOf, type RawBlock } from "../../../src/heap/file/encode-snapshot.ts";
import { SECTION_IDS } from "../../../src/heap/file/format.ts";
import { snapshotFault } from "../../../src/heap/file/snapshot-fault.ts";
import { ATTRIBUTE_LABEL, type Snapshot } from "../../../src/heap/snapshot.ts";
import { anySnapshot } from "../../support/any-snapshot.ts";
import { buildSnapshot, type SnapshotLiteral } from "../../support/snapshot-literal.ts";

function blocksOf(snapshot: Snapshot, blockBytes = 1 << 20): RawBlock[] {
  return [...encodeSnapshot(snapshot, () => new Uint8Array(blockBytes))];
}

/** The snapshot, or the first thing found wrong. */
function decode(snapshot: Snapshot, blocks: readonly { section: number; bytes: Uint8Array }[]): Snapshot | string {
  const decoder = new SnapshotDecoder(headerOf(snapshot));
  for (const { section, bytes } of blocks) {
    const fault = decoder.accept(section, bytes);
    if (fault !== null) return fault;
  }
  const result = decoder.finish();
  return result.ok ? result.value : result.error;
}

const SESSIONS: SnapshotLiteral = {
  types: [
    "?",
    { name: "dict", shape: "mapping", role: "dict" },
    { name: "User", module: "app.models", attributes: ["name", "friend"], fields: new Map([[18, "__dict__"]]) },
    "str",
  ],
  nodes: [
    {},
    { type: 1, bytes: 232, refs: [4, 2, 4, 3] },
    {
      type: 2,
      bytes: 48,
      refs: [
        { to: 4, label: ATTRIBUTE_LABEL },
        { to: 3, label: ATTRIBUTE_LABEL + 1 },
        { to: 1, label: 18 },
      ],
      excess: 2,
    },
    { type: 2, bytes: 2 ** 33, refs: [{ to: 2, label: ATTRIBUTE_LABEL + 1 }], excess: -1 },
    { type: 3, address: 0x7fff_0000_0010, text: "REGISTRY" },
  ],
  roots: [1, { node: 4 as NodeIx, tier: "frames", origin: { kind: "frame-local", thread: 0, frame: 0, name: "key" } }],
  threads: [
    {
      name: "MainThread",
      ident: "18446744073709551615",
      frames: [{ code: 4 as NodeIx, function: "main", file: "/srv/app.py", line: 3 }],
    },
  ],
  codes: [
    {
      node: 4 as NodeIx,
      qualname: "main.<locals>.inner",
      file: "/srv/app.py",
      firstLine: 1,
      freeVariables: ["rows"],
      parameters: [],
    },
  ],
  lruCaches: [{ node: 1 as NodeIx, hits: 2 ** 40, misses: 1, maxsize: null, entries: 7 }],
};

describe("round trip", () => {
  test("a snapshot with everything in it", () => {
    const snapshot = buildSnapshot(SESSIONS);
    expect(decode(snapshot, blocksOf(snapshot))).toEqual(snapshot);
  });

  test("a snapshot of nothing", () => {
    const snapshot = buildSnapshot();
    expect(decode(snapshot, blocksOf(snapshot))).toEqual(snapshot);
  });

  test("any sound snapshot, with blocks so small that everything crosses their borders", () => {
    fc.assert(
      fc.property(anySnapshot(), fc.integer({ min: 16, max: 80 }), (snapshot, blockBytes) => {
        expect(decode(snapshot, blocksOf(snapshot, blockBytes))).toEqual(snapshot);
      }),
      { numRuns: 400 },
    );
  });

  test("the generator makes sound snapshots only", () => {
    fc.assert(
      fc.property(anySnapshot(), (snapshot) => snapshotFault(snapshot) === null),
      { numRuns: 300 },
    );
  });

  test("the same snapshot gives the same blocks", () => {
    fc.assert(
      fc.property(anySnapshot(), (snapshot) => {
        expect(blocksOf(snapshot)).toEqual(blocksOf(snapshot));
      }),
      { numRuns: 50 },
    );
  });
});

describe("encodings", () => {
  test("a long list of one neighbour after the other costs a byte per reference and address, its labels nothing", () => {
    const nodes = Array.from({ length: 1000 }, () => ({}));
    const snapshot = buildSnapshot({ nodes: [{}, { refs: nodes.map((_, row) => row + 2) }, ...nodes] });
    const sizes = new Map(blocksOf(snapshot).map(({ section, bytes }) => [section, bytes.length]));
    expect(sizes.get(SECTION_IDS.edgeTarget)).toBe(1000);
    expect(sizes.get(SECTION_IDS.edgeLabel)).toBe(3);
    expect(sizes.get(SECTION_IDS.addressLow)).toBe(1002);
  });

  test("an object that many point to costs two bytes each time", () => {
    const holders = Array.from({ length: 500 }, () => ({ refs: [1] }));
    const snapshot = buildSnapshot({ nodes: [{}, {}, ...holders] });
    const targets = blocksOf(snapshot).find(({ section }) => section === SECTION_IDS.edgeTarget);
    expect(targets?.bytes.length).toBe(1 + 499 * 2);
  });
});

describe("a newer minor version", () => {
  test("sections we do not know are skipped, wherever they are", () => {
    const snapshot = buildSnapshot(SESSIONS);
    const blocks = blocksOf(snapshot);
    const footer = blocks.at(-1)!;
    const unknownTotal = Uint8Array.of(200, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0);
    const withUnknown = [
      { section: 200, bytes: Uint8Array.of(1, 2, 3) },
      ...blocks.slice(0, -1),
      { section: SECTION_IDS.end, bytes: Uint8Array.from([...footer.bytes, ...unknownTotal]) },
    ];
    expect(decode(snapshot, withUnknown)).toEqual(snapshot);
  });

  test("fields and roles we do not know are dropped", () => {
    const snapshot = buildSnapshot({ types: ["?"] });
    const text =
      '{"canonical":0,"name":"?","module":"builtins","base":-1,"node":0,"shape":"fields","role":"hologram","attributes":[],"fields":[],"colour":"red"}\n';
    const bytes = new TextEncoder().encode(text);
    const blocks = blocksOf(snapshot).map((block) =>
      block.section === SECTION_IDS.types ? { section: block.section, bytes } : block,
    );
    const footer = blocks.at(-1)!.bytes.slice();
    new DataView(footer.buffer).setUint32(24 + 16, bytes.length, true);
    expect(decode(snapshot, [...blocks.slice(0, -1), { section: SECTION_IDS.end, bytes: footer }])).toEqual(snapshot);
  });
});

describe("blocks that do not fit together are refused", () => {
  const snapshot = buildSnapshot(SESSIONS);
  const blocks = blocksOf(snapshot, 64);

  test("one missing, doubled, or out of order", () => {
    blocks.forEach((block, index) => {
      expect(decode(snapshot, blocks.toSpliced(index, 1)), `without ${index}`).toBeTypeOf("string");
      if (block.section !== SECTION_IDS.end)
        expect(decode(snapshot, blocks.toSpliced(index, 0, block)), `${index} twice`).toBeTypeOf("string");
    });
    expect(decode(snapshot, blocks.toReversed())).toBeTypeOf("string");
  });

  test("any byte changed gives a sound snapshot or a reason, never a throw", () => {
    blocks.forEach(({ section, bytes }, index) => {
      for (let at = 0; at < bytes.length; at++) {
        for (const change of [0x01, 0x80, 0xff]) {
          const changed = bytes.slice();
          changed[at] = changed[at]! ^ change;
          const result = decode(snapshot, blocks.with(index, { section, rows: 0, bytes: changed }));
          if (typeof result !== "string") expect(snapshotFault(result)).toBeNull();
        }
      }
    });
  });
});

describe("snapshotFault names what is broken", () => {
  const sound = (): Snapshot => buildSnapshot(SESSIONS);
  const cases: readonly (readonly [string, (snapshot: Snapshot) => Snapshot | void])[] = [
    ["refers to an object that does not exist", (s) => void (s.refs.edgeTarget[0] = 5)],
    ["references of object 2 end before", (s) => void (s.refs.edgeStart[3] = 0)],
    ["a type that does not exist", (s) => void (s.nodes.type[1] = 4)],
    ["an attribute without a name", (s) => void (s.edgeLabel[4] = ATTRIBUTE_LABEL + 2)],
    ["address of object 3 does not ascend", (s) => void (s.nodes.addressLow[3] = 0)],
    [
      "address table does not ascend",
      (s) => ({ ...s, nodes: { ...s.nodes, addressHigh: [{ firstNode: 9, high: 1 }] } }),
    ],
    ["impossible size", (s) => ({ ...s, nodes: { ...s.nodes, oversize: new Map() } })],
    [
      "listed as 4 GiB",
      (s) => ({ ...s, nodes: { ...s.nodes, oversize: new Map([...s.nodes.oversize, [1, 2 ** 33]]) } }),
    ],
    ["placeholder", (s) => void (s.nodes.shallowBytes[0] = 1)],
    ["outside references does not ascend", (s) => void (s.excess.node[1] = 2)],
    ["root 0 is an object that does not exist", (s) => ({ ...s, roots: [{ ...s.roots[0]!, node: 5 as NodeIx }] })],
    ["root 1 belongs to a thread or frame", (s) => ({ ...s, threads: [{ ...s.threads[0]!, frames: [] }] })],
    ["base that does not exist", (s) => ({ ...s, types: s.types.with(1, { ...s.types[1]!, base: 4 }) })],
    [
      "its own base",
      (s) => ({ ...s, types: s.types.with(1, { ...s.types[1]!, base: 2 }).with(2, { ...s.types[2]!, base: 1 }) }),
    ],
    [
      "variant of a type that does not exist",
      (s) => ({ ...s, types: s.types.with(1, { ...s.types[1]!, canonical: 9 as TypeIx }) }),
    ],
    ["texts do not cover", (s) => void (s.texts.start[1] = 3)],
    ["a text is not UTF-8", (s) => void (s.texts.utf8[2] = 0xff)],
    ["inside a character", (s) => void (s.texts.utf8[0] = 0x80)],
    [
      "code that does not exist",
      (s) => ({
        ...s,
        roots: [],
        threads: [{ name: "", ident: "1", frames: [{ code: 5 as NodeIx, function: "", file: "", line: 1 }] }],
      }),
    ],
    ["a cache is an object", (s) => ({ ...s, lruCaches: [{ ...s.lruCaches[0]!, node: 5 as NodeIx }] })],
    ["columns of objects differ", (s) => ({ ...s, nodes: { ...s.nodes, type: new Uint16Array(2) } })],
    ["columns of references differ", (s) => ({ ...s, edgeLabel: new Uint16Array(2) })],
  ];
  test.each(cases)("%s", (expected, spoil) => {
    const snapshot = sound();
    expect(snapshotFault(spoil(snapshot) ?? snapshot)).toContain(expected);
  });
});
