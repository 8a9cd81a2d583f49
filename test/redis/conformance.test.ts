// The Python and the Node client against the same list of cases, on real servers: alone, and with each other in both directions.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRedisAddress } from "../../src/client/redis-connection.ts";
import { RedisNodes } from "../../src/client/redis-nodes.ts";
import { nodeClient } from "./conformance-node.ts";
import { type ClientStart, type PythonDriver, startPython } from "./conformance-python.ts";
import type { ConformanceCase, ConformanceClient, Step } from "./conformance-step.ts";
import { findServerPrograms } from "./server-programs.ts";
import { startServer, type TestServer } from "./start-server.ts";

const CASES = JSON.parse(readFileSync(join(import.meta.dirname, "conformance.json"), "utf8")) as ConformanceCase[];
const SLICES = 256;

const PAIRS = [
  ["python", "python"],
  ["node", "node"],
  ["python", "node"],
  ["node", "python"],
] as const;

describe.each(findServerPrograms().map((program) => [program.kind, program] as const))("%s", (kind, program) => {
  if (!("path" in program)) {
    it.skip(`${kind}: ${program.reason}`, () => undefined);
    return;
  }
  let server: TestServer;
  let nodes: RedisNodes;
  let drivers: readonly [PythonDriver, PythonDriver];
  beforeAll(async () => {
    drivers = [startPython(), startPython()];
    server = await startServer(program);
    nodes = new RedisNodes(parseRedisAddress(server.url), 2000);
  });
  afterAll(async () => {
    nodes.close();
    for (const driver of drivers) await driver[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  describe.each(PAIRS)("%s and %s", (first, second) => {
    it.each(CASES.map((each) => [each.name, each] as const))("%s", async (_, { define, steps }) => {
      const app = `t${randomUUID().slice(0, 8)}`;
      const names = [...new Set(steps.flatMap(({ call, begin }) => Object.keys({ ...call, ...begin })))];
      const start: ClientStart = [server.url, app, { ...define, arguments: names }];
      await using a = first === "node" ? nodeClient(...start) : await drivers[0].client(...start);
      await using b = second === "node" ? nodeClient(...start) : await drivers[1].client(...start);
      const harness = new Harness(nodes, app);
      for (const step of steps) {
        if (step.on === undefined) await harness.happen(step);
        else await harness.check(step.on === "a" ? a : b, step);
      }
    });
  });
});

class Harness {
  readonly #nodes: RedisNodes;
  readonly #app: string;
  #lastId = "0-0";
  #remembered = "";

  constructor(nodes: RedisNodes, app: string) {
    this.#nodes = nodes;
    this.#app = app;
  }

  async check(client: ConformanceClient, step: Step): Promise<void> {
    const scopes = Array.from({ length: SLICES }, (_, slice) => `slice:${step.clearSlices}:${slice}`);
    const words = step.clearSlices === undefined ? { ...step, id: this.#lastId } : { ...step, clear: scopes };
    const answer = await client.do(words);
    if (words.clear !== undefined) this.#lastId = (answer as { readonly id: string }).id;
    else expect({ step, answer }).toEqual({ step, answer: expectedOf(step) });
  }

  /** What happens to the server. */
  async happen(step: Step): Promise<void> {
    if (step.server !== undefined) await this.#ask(...step.server);
    if (step.waitMs !== undefined) await delay(step.waitMs);
    if (step.remember !== undefined) this.#remembered = String(await this.#ask("GET", step.remember));
    if (step.restore !== undefined) await this.#ask("SET", step.restore, this.#remembered);
    const keys = await this.#keys(step.keys ?? step.replace);
    if (step.keys !== undefined) await this.#expectKeys(keys, step);
    if (step.replace === undefined) return;
    expect(keys).toHaveLength(1);
    const end = step.persist === true ? [] : ["PX", "60000"];
    await this.#ask("SET", keys[0] ?? "", step.content ?? "", ...end);
  }

  async #expectKeys(keys: readonly string[], step: Step): Promise<void> {
    expect(keys).toHaveLength(step.count ?? 0);
    expect(keys[0]).toMatch(new RegExp(this.#named(step.like ?? "")));
    const left = Number(await this.#ask("PTTL", keys[0] ?? ""));
    const [least, most] = step.ttlMs ?? [0, 0];
    expect(left >= least && left <= most).toBe(true);
  }

  async #ask(...words: readonly string[]): Promise<unknown> {
    return await this.#nodes.ask("", ...words.map((word) => this.#named(word)));
  }

  async #keys(pattern: string | undefined): Promise<readonly string[]> {
    // Only tests may list keys.
    return pattern === undefined ? [] : ((await this.#ask("KEYS", pattern)) as readonly string[]);
  }

  #named(text: string): string {
    return text.replaceAll("APP", this.#app);
  }
}

function expectedOf(step: Step): unknown {
  if (step.begin !== undefined) return { began: true };
  if (step.finish !== undefined) return { value: step.finish };
  if (step.confirmed !== undefined) return { confirmed: true };
  if (step.settled !== undefined) return { settled: true };
  if (step.setBack !== undefined) return { setBack: true };
  if (step.hits !== undefined) return { hits: step.hits };
  if (step.raised !== undefined) return { raised: step.raised, loaded: step.loaded };
  if (step.becomes !== undefined) return { becomes: step.becomes };
  return step.special === undefined ? { value: step.value, loaded: step.loaded } : { loaded: step.loaded };
}
