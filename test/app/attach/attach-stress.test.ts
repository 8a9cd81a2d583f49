// A program under load into which the probe comes, is asked 100 times a second, traces, and leaves, again and again: no crash, no wrong
// answer, nothing left. What it costs when nobody asks is measured by bench/idle.ts.

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { attachProbe } from "../../../src/app/attach/attach-probe.ts";
import { describeInterpreter } from "../../support/interpreters.ts";
import { type AskedProgram, attachableInterpreters, QUIETLY, startAsked } from "./attach-target.ts";

const PYTHONS = attachableInterpreters();
/** All rounds on the one that most people have, some on each other: the suite has to end. */
const [MOST_ROUNDS, FEWER_ROUNDS] = [25, 3];
const MOST_ON_MINOR = 11;
const POLLS = 10;
const POLL_EVERY_MS = 10;
const oneOfMost = PYTHONS.find(({ minor }) => minor === MOST_ON_MINOR) ?? PYTHONS[0];

interface State {
  readonly wrong: readonly number[];
  readonly rounds: readonly [number, number];
}

describe.each(
  PYTHONS.map(
    (python) => [describeInterpreter(python), python, python === oneOfMost ? MOST_ROUNDS : FEWER_ROUNDS] as const,
  ),
)("under load on Python %s", (_, { path }, rounds) => {
  it(`attached, polled, traced and detached ${rounds} times`, { timeout: 300_000 }, async () => {
    await using target = await startAsked(path, "loaded.py");
    const { rounds: _before, ...clean } = (await target.ask("state")) as State;
    for (let round = 0; round < rounds; round++) await comeAndGo(target);
    await vi.waitUntil(async () => isSame(await target.ask("state"), clean), 20_000).catch(() => undefined);
    const { rounds: worked, ...after } = (await target.ask("state")) as State;
    expect(after).toEqual(clean);
    expect(after.wrong).toEqual([]);
    expect(Math.min(...worked)).toBeGreaterThan(rounds);
    expect(target.child.exitCode).toBeNull();
  });
});

async function comeAndGo({ pid }: AskedProgram): Promise<void> {
  const attached = await attachProbe(pid, QUIETLY);
  if (!attached.ok) throw new Error(JSON.stringify(attached.error));
  await using probe = attached.value;
  const { connection } = probe;
  await poll(() => connection.request("stats"));
  expect(await connection.request("trace-start")).toMatchObject({ ok: true });
  await poll(() => connection.request("trace-look"));
  expect(await connection.request("trace-stop", { limit: 10 })).toMatchObject({ ok: true });
}

/** All are answered, however late. */
async function poll(ask: () => Promise<{ readonly ok: boolean }>): Promise<void> {
  const answers: Promise<{ readonly ok: boolean }>[] = [];
  for (let polls = 0; polls < POLLS; polls++) {
    answers.push(ask());
    await sleep(POLL_EVERY_MS);
  }
  expect((await Promise.all(answers)).every(({ ok }) => ok)).toBe(true);
}

function isSame(state: unknown, clean: object): boolean {
  const { rounds: _rounds, ...own } = state as State;
  return JSON.stringify(own) === JSON.stringify(clean);
}
