// What stands in conformance.json.

import type { KeyParts } from "../../src/client/cache-keys.ts";

export interface Definition {
  readonly name: string;
  readonly namespace?: string;
  readonly version?: number | string;
  readonly tags?: readonly string[];
  readonly maxsize?: number;
  /** Seconds. */
  readonly ttl?: number;
  readonly defaults?: KeyParts;
  /** Seconds. */
  readonly singleFlight?: number;
  /** Seconds. */
  readonly staleWhileRevalidate?: number;
  /** Bytes; a value is as large as its text is long. */
  readonly maxBytes?: number;
  /** Seconds for which a loader's error is kept. */
  readonly errorTtl?: number;
}

/** One thing that a client does, or that happens to the server. APP stands for the name of the application. */
export interface Step {
  readonly on?: "a" | "b";
  readonly call?: KeyParts;
  /** What the loader gives. */
  readonly source?: unknown;
  readonly special?: string;
  readonly value?: unknown;
  readonly loaded?: boolean;
  /** What the call raises: with `special: "raises"` the loader does. */
  readonly raised?: string;
  /** Calls until this is the answer. */
  readonly becomes?: unknown;
  readonly waitMs?: number;
  readonly begin?: KeyParts;
  readonly finish?: unknown;
  readonly clear?: readonly string[];
  readonly clearSlices?: string;
  readonly confirmed?: true;
  readonly settled?: true;
  readonly setBack?: number;
  readonly hits?: number;
  readonly id?: string;
  readonly server?: readonly string[];
  readonly keys?: string;
  readonly like?: string;
  readonly count?: number;
  readonly ttlMs?: readonly [number, number];
  readonly remember?: string;
  readonly restore?: string;
  readonly replace?: string;
  readonly content?: string;
  readonly persist?: boolean;
}

export interface ConformanceCase {
  readonly name: string;
  readonly define: Definition;
  readonly steps: readonly Step[];
}

export interface ConformanceClient extends AsyncDisposable {
  do(step: Step): Promise<unknown>;
}
