// Sums collections by generation as the probe hands them out.

import type { GenerationActivity } from "../../model/collector-report.ts";

type Activity = { -readonly [Name in keyof GenerationActivity]: GenerationActivity[Name] };

export class CollectionTally {
  readonly #byGeneration = new Map<number, Activity>();
  #dropped = 0;

  /** An answer to `gc-events`; what is none adds nothing. */
  add(answer: unknown): void {
    const fields = recordOf(answer);
    this.#dropped += numberOf(fields["dropped"]);
    const events: unknown = fields["events"];
    for (const event of Array.isArray(events) ? events : []) this.#count(recordOf(event));
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Youngest first. */
  generations(): readonly GenerationActivity[] {
    return [...this.#byGeneration.values()].sort((a, b) => a.generation - b.generation);
  }

  #count(event: Readonly<Record<string, unknown>>): void {
    const generation = numberOf(event["generation"]);
    const known = this.#byGeneration.get(generation) ?? nothingYet(generation);
    this.#byGeneration.set(generation, known);
    const pauseMs = numberOf(event["pauseMs"]);
    known.collections += 1;
    known.collected += numberOf(event["collected"]);
    known.uncollectable += numberOf(event["uncollectable"]);
    known.pauseMs += pauseMs;
    known.longestPauseMs = Math.max(known.longestPauseMs, pauseMs);
  }
}

function nothingYet(generation: number): Activity {
  return { generation, collections: 0, collected: 0, uncollectable: 0, pauseMs: 0, longestPauseMs: 0 };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : 0;
}
