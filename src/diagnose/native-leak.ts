// Growth outside the Python heap as a leak of cause L16: nobody holds it by name, so it says which C code could own it and what to
// run next.

import { formatBytes } from "../base/format-bytes.ts";
import type { Leak } from "../model/diagnosis.ts";
import type { Holder } from "../model/holder.ts";
import type { SeriesVerdict } from "../model/verdict.ts";
import { fingerprintOfLeak } from "./fingerprint.ts";

export interface NativeGrowth {
  /** Of resident memory. */
  readonly series: SeriesVerdict;
  readonly grownBytes: number;
  /** All that is neither Python's nor shared. */
  readonly nativeBytes: number;
  /** Loaded C code outside the standard library, largest first. */
  readonly extensions: readonly { readonly name: string; readonly file: string }[];
  readonly seconds: number;
}

const HOLDER: Holder = {
  path: "<native memory>",
  kind: "native",
  module: null,
  name: null,
  type: "native memory",
  file: null,
  line: null,
};

const MOST_NAMED = 6;

/** Never more than "likely": from outside, memory that malloc keeps for later looks the same. */
export function nativeLeak({ series, grownBytes, nativeBytes, extensions, seconds }: NativeGrowth): Leak {
  return {
    fingerprint: fingerprintOfLeak("L16", HOLDER, "native memory"),
    cause: "L16",
    confidence: series.isUnbroken ? "likely" : "possible",
    holder: HOLDER,
    sites: [],
    removals: [],
    leaked: {
      type: "native memory",
      count: 0,
      countGrowth: 0,
      retainedBytes: nativeBytes,
      heldBytes: nativeBytes,
      bytesPerMinute: seconds > 0 ? (grownBytes / seconds) * 60 : 0,
    },
    path: [],
    growth: series,
    history: null,
    because: [...series.because, ownersSentence(extensions)],
    ruledOut: [
      { what: "Python objects", because: `They grew by less than half of the ${formatBytes(grownBytes)} that came.` },
      ...series.ruledOut,
    ],
    fix: {
      text: "To tell a leak in C from memory that malloc keeps: start the program with MALLOC_ARENA_MAX=2 and MALLOC_TRIM_THRESHOLD_=131072 and watch again; if it still grows, run it under `memray run --native`, and `deadweight scan` the C sources of the extensions named above.",
      patch: null,
    },
    known: null,
  };
}

function ownersSentence(extensions: NativeGrowth["extensions"]): string {
  if (extensions.length === 0)
    return "No extension module outside the standard library is loaded: ctypes, the standard library's own C code or malloc itself keeps it.";
  const names = extensions.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = extensions.length - names.length;
  return `Loaded C code that could own it, largest first: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
