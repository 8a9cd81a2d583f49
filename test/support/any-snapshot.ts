// Any sound snapshot, for laws that must hold for all of them: odd names, sizes and addresses included, every table used.

import fc from "fast-check";
import type { NodeIx, TypeIx } from "../../src/base/brand.ts";
import { ATTRIBUTE_LABEL, FIRST_FIELD_LABEL, ROOT_TIERS } from "../../src/heap/snapshot.ts";
import type { InterpreterNamespace, RootOrigin, Snapshot, ThreadRow, TypeRow } from "../../src/heap/snapshot.ts";
import type { SnapshotMeta } from "../../src/model/snapshot-meta.ts";
import { buildSnapshot, type NodeLiteral } from "./snapshot-literal.ts";

const WORD = 2 ** 32;
const OVERSIZE = 0xffffffff;
const TYPE_COUNT = 5;

const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("", "REGISTRY", "app.sessions", "naïve", "名前", "🐍", "\u0000"),
);
const anyName: fc.Arbitrary<string> = fc.oneof(
  anyText,
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("a\nb", '"', "\ud800", "__proto__"),
);
const anyCount: fc.Arbitrary<number> = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(0, WORD, Number.MAX_SAFE_INTEGER),
);
const anyFigure: fc.Arbitrary<number> = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const anySize: fc.Arbitrary<number> = fc.oneof(
  fc.nat(600),
  fc.nat(),
  fc.constantFrom(0, 127, 128, OVERSIZE - 1, OVERSIZE, WORD, Number.MAX_SAFE_INTEGER),
);
const anyLabel: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.nat(4),
  fc.integer({ min: FIRST_FIELD_LABEL, max: 40 }),
  fc.constantFrom(0x7fff, ATTRIBUTE_LABEL, ATTRIBUTE_LABEL + 1),
);

const anyMeta: fc.Arbitrary<SnapshotMeta> = fc.record<SnapshotMeta>({
  source: fc.constantFrom("live", "core", "inside"),
  takenAtMs: anyCount,
  pid: fc.option(fc.nat()),
  processStartTicks: fc.option(fc.nat()),
  command: fc.array(anyName, { maxLength: 3 }),
  python: fc.constantFrom("3.8.18", "3.11.7", "3.13.0"),
  executable: anyName,
  liveBytes: anyCount,
  copiedBytes: anyCount,
  pauseMs: fc.option(anyFigure),
  exactness: anyFigure,
  unreadableReferences: anyCount,
  threads: fc.nat(64),
  values: fc.boolean(),
  warnings: fc.array(anyName, { maxLength: 2 }),
  collector: fc.record({
    enabled: fc.boolean(),
    collecting: fc.boolean(),
    permanentObjects: anyCount,
    generations: fc.array(
      fc.record({
        objects: anyCount,
        threshold: fc.nat(),
        count: fc.integer(),
        collections: anyCount,
        collected: anyCount,
        uncollectable: anyCount,
      }),
      { maxLength: 3 },
    ),
  }),
  memory: fc.record({
    rssBytes: fc.option(anyCount),
    sharedBytes: fc.option(anyCount),
    swapBytes: fc.option(anyCount),
  }),
});

/** Any sound snapshot of up to `maxNodes` objects. */
export function anySnapshot(maxNodes = 24): fc.Arbitrary<Snapshot> {
  return fc.integer({ min: 1, max: maxNodes }).chain((nodeCount) => {
    const node = anyNodeRow(nodeCount);
    const tables = fc.record({
      meta: anyMeta,
      types: anyTypes(nodeCount),
      nodes: fc.array(anyNode(nodeCount), { minLength: nodeCount - 1, maxLength: nodeCount - 1 }),
      threads: anyThreads(nodeCount),
      codes: fc.array(
        fc.record({
          node,
          qualname: anyName,
          file: anyName,
          firstLine: fc.integer(),
          freeVariables: fc.array(anyName, { maxLength: 2 }),
          parameters: fc.array(anyName, { maxLength: 2 }),
        }),
        { maxLength: 3 },
      ),
      lruCaches: fc.array(
        fc.record({ node, hits: anyCount, misses: anyCount, maxsize: fc.option(anyCount), entries: anyCount }),
        { maxLength: 2 },
      ),
    });
    return tables.chain(({ nodes, threads, ...rest }) =>
      fc
        .array(fc.record({ node, tier: fc.constantFrom(...ROOT_TIERS), origin: anyOrigin(threads) }), { maxLength: 6 })
        .map((roots) => buildSnapshot({ ...rest, threads, roots, nodes: [{}, ...withAddresses(nodes)] })),
    );
  });
}

function anyNodeRow(nodeCount: number): fc.Arbitrary<NodeIx> {
  return fc.nat(nodeCount - 1).map((row) => row as NodeIx);
}

/** Canonical rows are canonical to themselves: an odd row may be a variant of the even row before it. */
function anyTypes(nodeCount: number): fc.Arbitrary<readonly Partial<TypeRow>[]> {
  return fc.tuple(
    ...Array.from({ length: TYPE_COUNT }, (_, index) =>
      fc.record({
        name: anyName,
        module: anyName,
        canonical: fc.constantFrom(index, index - (index % 2)).map((row) => row as TypeIx),
        base: fc.integer({ min: -1, max: index - 1 }),
        node: anyNodeRow(nodeCount),
        shape: fc.constantFrom("fields", "sequence", "mapping", "set"),
        role: fc.constantFrom("plain", "module", "lru-cache", "context"),
        attributes: fc.array(anyName, { minLength: 2, maxLength: 4 }),
        fields: fc.array(fc.tuple(fc.nat(0x7fff), anyName), { maxLength: 3 }).map((pairs) => new Map(pairs)),
      }),
    ),
  );
}

/** A node and how far its address is from the one before. */
type SteppedNode = NodeLiteral & { readonly step: number };

function anyNode(nodeCount: number): fc.Arbitrary<SteppedNode> {
  return fc
    .record({
      type: fc.nat(TYPE_COUNT - 1),
      bytes: anySize,
      refs: fc.array(fc.record({ to: fc.nat(nodeCount - 1), label: anyLabel }), { maxLength: 6 }),
      excess: fc.oneof(fc.constant(0), fc.integer()),
      step: fc.oneof(
        fc.constantFrom(16, 48, 64, 1),
        fc.nat(2 ** 31).map((distance) => distance + 1),
        fc.constant(WORD),
      ),
    })
    .chain((node) =>
      fc.option(anyText, { freq: 2, nil: undefined }).map((text) => (text === undefined ? node : { ...node, text })),
    );
}

function withAddresses(nodes: readonly SteppedNode[]): readonly NodeLiteral[] {
  let address = 0;
  return nodes.map(({ step, ...node }) => ({ ...node, address: (address += step) }));
}

function anyThreads(nodeCount: number): fc.Arbitrary<readonly ThreadRow[]> {
  const frame = fc.record({ code: anyNodeRow(nodeCount), function: anyName, file: anyName, line: fc.integer() });
  return fc.array(
    fc.record({
      name: anyName,
      ident: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
      frames: fc.array(frame, { maxLength: 3 }),
    }),
    { maxLength: 3 },
  );
}

function anyOrigin(threads: readonly ThreadRow[]): fc.Arbitrary<RootOrigin> {
  const places = threads.flatMap(({ frames }, thread) => frames.map((_, frame) => ({ thread, frame })));
  const origins: fc.Arbitrary<RootOrigin>[] = [
    fc.constantFrom<RootOrigin>(
      { kind: "sys.modules" },
      { kind: "sys.__dict__" },
      { kind: "builtins.__dict__" },
      { kind: "static-type" },
      { kind: "native" },
    ),
    fc.record({
      kind: fc.constant("interpreter" as const),
      offset: fc.nat(),
      part: fc.option(fc.string(), { nil: null }),
    }),
    fc.record({
      kind: fc.constantFrom<InterpreterNamespace>("sys.modules", "sys.__dict__", "builtins.__dict__"),
      interpreter: fc.nat({ max: 1000 }),
    }),
    fc.record({
      kind: fc.constant("exit-callback" as const),
      index: fc.nat(),
      part: fc.constantFrom("function" as const, "args" as const, "kwargs" as const),
    }),
  ];
  if (threads.length > 0)
    origins.push(
      fc.record({ kind: fc.constant("thread" as const), thread: fc.nat(threads.length - 1), part: anyName }),
    );
  if (places.length > 0) {
    origins.push(
      fc
        .constantFrom(...places)
        .chain((place) => anyName.map((name) => ({ kind: "frame-local" as const, ...place, name }))),
    );
    origins.push(
      fc
        .constantFrom(...places)
        .chain((place) =>
          fc
            .constantFrom("code", "function", "locals", "object", "stack")
            .map((part) => ({ kind: "frame" as const, ...place, part })),
        ),
    );
  }
  return fc.oneof(...origins);
}
