// The Node client of the conformance cases: does in this process what conformance-driver.py does in one of its own.

import { cached, type CachedFunction } from "../../src/client/cached.ts";
import type { KeyParts } from "../../src/client/cache-keys.ts";
import { redisTier, type RedisTier } from "../../src/client/redis-tier.ts";
import { isBefore, positionOf } from "../../src/client/tier-protocol.ts";
import { setTimeout as delay } from "node:timers/promises";
import type { ConformanceClient, Definition, Step } from "./conformance-step.ts";

const RAISES = Symbol("raises");
const SPECIAL: Readonly<Record<string, unknown>> = {
  raises: RAISES,
  nan: Number.NaN,
  large: 2 ** 60,
  object: new Date(0),
};

export function nodeClient(url: string, app: string, define: Definition): ConformanceClient {
  const client = new NodeClient(url, app, define);
  return { do: async (step) => await client.do(step), [Symbol.asyncDispose]: async () => await client.tier.close() };
}

class NodeClient {
  readonly tier: RedisTier;
  readonly #function: CachedFunction<KeyParts, unknown>;
  #source: unknown = null;
  #loads = 0;
  #hold: Promise<void> | null = null;
  #release = (): void => undefined;
  #began: Promise<unknown> | null = null;

  constructor(url: string, app: string, define: Definition) {
    const { name, namespace, version, tags, maxsize, ttl, defaults, singleFlight } = define;
    const { staleWhileRevalidate, maxBytes, errorTtl } = define;
    this.tier = redisTier(url, { app, leaseMs: 2000, timeoutMs: 2000, warn: () => undefined });
    this.#function = cached<KeyParts, unknown>(
      {
        tier: this.tier,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(version === undefined ? {} : { version }),
        ...(maxsize === undefined ? {} : { maxsize }),
        ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
        ...(defaults === undefined ? {} : { defaults }),
        ...(singleFlight === undefined ? {} : { singleFlightMs: singleFlight * 1000 }),
        ...(staleWhileRevalidate === undefined ? {} : { staleWhileRevalidateSeconds: staleWhileRevalidate }),
        ...(maxBytes === undefined ? {} : { maxBytes, size: (value) => String(value).length }),
        ...(errorTtl === undefined ? {} : { cacheErrors: [RangeError], errorTtlSeconds: errorTtl }),
        tags: (parts) =>
          (tags ?? []).map((tag) =>
            tag.replace(/\{(\w+)\}/g, (_, each: string) => JSON.stringify(parts[each]).replaceAll('"', "")),
          ),
      },
      async () => {
        this.#loads++;
        const source = this.#source;
        await this.#hold;
        if (source === RAISES) throw new RangeError("not there");
        return source;
      },
    );
  }

  async do(step: Step): Promise<unknown> {
    if (step.call !== undefined) return await this.#answer(step, step.call);
    if (step.begin !== undefined) return await this.#begin(step.begin, step.source);
    if (step.finish !== undefined) {
      this.#release();
      return { value: await this.#began };
    }
    if (step.clear !== undefined) return { id: await this.tier.clear(...step.clear) };
    const { stream } = this.tier;
    if (step.confirmed !== undefined) return { confirmed: await stream.waitConfirmed(10_000) };
    if (step.settled !== undefined) {
      const wanted = positionOf(step.id ?? "");
      return { settled: await until(() => stream.applied !== null && !isBefore(stream.applied, wanted)) };
    }
    if (step.setBack !== undefined)
      return {
        setBack: (await until(() => stream.setBack >= (step.setBack ?? 0))) && (await stream.waitConfirmed(5000)),
      };
    return { hits: this.#function.info().hits };
  }

  async #answer({ source, special, raised, becomes }: Step, call: KeyParts): Promise<unknown> {
    if (raised !== undefined) return await this.#raised(call, source);
    if (becomes !== undefined) {
      for (const end = performance.now() + 10_000; performance.now() < end; await delay(5))
        if ((await this.#call(call, source)).value === becomes) return { becomes };
      return {};
    }
    const answer = await this.#call(call, special === undefined ? source : SPECIAL[special]);
    return special === undefined ? answer : { loaded: answer.loaded };
  }

  async #raised(parts: KeyParts, source: unknown): Promise<unknown> {
    const before = this.#loads;
    try {
      return await this.#call(parts, source === "raises" ? RAISES : source);
    } catch (error) {
      return { raised: (error as Error).message, loaded: this.#loads > before };
    }
  }

  async #call(parts: KeyParts, source: unknown): Promise<{ readonly value: unknown; readonly loaded: boolean }> {
    const before = this.#loads;
    this.#source = source;
    this.#hold = null;
    const value = await this.#function(parts);
    return { value, loaded: this.#loads > before };
  }

  async #begin(parts: KeyParts, source: unknown): Promise<unknown> {
    const before = this.#loads;
    this.#source = source;
    this.#hold = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.#began = this.#function(parts);
    return { began: await until(() => this.#loads > before) };
  }
}

async function until(isTrue: () => boolean): Promise<boolean> {
  const end = performance.now() + 10_000;
  while (!isTrue()) {
    if (performance.now() > end) return false;
    await delay(2);
  }
  return true;
}
