// Traces for bench/cache-curves.ts: made ones, as in the research, and public ones, which are read from where the reader has put them.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface CacheTrace {
  readonly name: string;
  readonly keys: Float64Array;
}

/** Park and Miller's generator: the same numbers everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Draws keys 0..count-1 with frequencies falling as 1/rank^alpha, the ranks in no order of the keys. */
export function zipfOf(count: number, alpha: number, seed: number): () => number {
  const random = randomOf(seed);
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) sums[rank] = sum += (rank + 1) ** -alpha;
  const keys = Array.from({ length: count }, (_, key) => key);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [keys[at], keys[other]] = [keys[other] ?? 0, keys[at] ?? 0];
  }
  return () => keys[rankOf(sums, random() * sum)] ?? 0;
}

function rankOf(sums: Float64Array, wanted: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

const OTHERS = 10_000_000;

/** The synthetic traces of the research, `calls` long. */
export function madeTraces(calls: number): CacheTrace[] {
  const trace = (name: string, keyAt: (at: number) => number): CacheTrace => ({
    name,
    keys: Float64Array.from({ length: calls }, (_, at) => keyAt(at)),
  });
  const [flat, middle, steep] = [0.7, 0.9, 1.1].map((alpha) => zipfOf(100_000, alpha, 1));
  const few = zipfOf(20_000, 0.9, 2);
  const beside = zipfOf(20_000, 0.9, 3);
  const moving = zipfOf(30_000, 0.9, 4);
  const chance = randomOf(5);
  return [
    trace("zipf 0.7", () => flat?.() ?? 0),
    trace("zipf 0.9", () => middle?.() ?? 0),
    trace("zipf 1.1", () => steep?.() ?? 0),
    // Scans of 8,000 new keys between runs of 20,000 calls.
    trace("zipf and scans", (at) => (at % 28_000 < 20_000 ? few() : OTHERS + at)),
    trace("loop of 3,000 and zipf", (at) => (chance() < 0.2 ? OTHERS + beside() : at % 3000)),
    trace("loop of 12,000 and zipf", (at) => (chance() < 0.2 ? OTHERS + beside() : at % 12_000)),
    trace("zipf, hot keys move", (at) => moving() + Math.floor((at * 10) / calls) * 3000),
  ];
}

/** File name in the simulator's resources of github.com/ben-manes/caffeine, and what it is. */
const PUBLIC: readonly (readonly [file: string, name: string])[] = [
  ["orm-busy.trace.xz", "orm-busy (cache2k, CC BY 4.0)"],
  ["orm-night.trace.xz", "orm-night (cache2k, CC BY 4.0)"],
  ["web07.trace.xz", "web07 (cache2k, CC BY 4.0)"],
  ["web12.trace.xz", "web12 (cache2k, CC BY 4.0)"],
  ["w106.trace.xz", "w106 (CloudPhysics)"],
  ["2_pools.trace.gz", "2_pools (LIRS)"],
  ["sprite.trace.gz", "sprite (LIRS)"],
];

const DECODE = `
import gzip, lzma, struct, sys
data = (lzma if sys.argv[1].endswith("xz") else gzip).open(sys.argv[1]).read()
if sys.argv[1].endswith("gz"):
    keys = [int(word) for word in data.split() if word.isdigit()]
else:
    keys = struct.unpack(">%dI" % (len(data) // 4), data[: len(data) // 4 * 4])
sys.stdout.buffer.write(struct.pack("<%dd" % len(keys), *keys))
`;

/** Those that are in the folder, at most `calls` of each. */
export function publicTraces(folder: string, calls: number, python: string): CacheTrace[] {
  return PUBLIC.filter(([file]) => existsSync(join(folder, file))).map(([file, name]) => {
    const bytes = execFileSync(python, ["-c", DECODE, join(folder, file)], { maxBuffer: 2 ** 30 });
    const keys = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    return { name, keys: keys.slice(0, calls) };
  });
}

/** 8-byte keys, as bench/targets/replay.py reads them. */
export function traceBytes({ keys }: CacheTrace): Uint8Array {
  return new Uint8Array(BigInt64Array.from(keys, (key) => BigInt(key)).buffer);
}
