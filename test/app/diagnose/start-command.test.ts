// Programs that `diagnose -- COMMAND` and `verify --serve` start.

import { expect, it } from "vitest";
import { startCommand } from "../../../src/app/diagnose/start-command.ts";
import { findInterpreters } from "../../support/interpreters.ts";

const [python] = findInterpreters();

it("a program that ends with its input stays, as it does on a terminal", async () => {
  const started = await startCommand([python!.path, "-c", "import sys; sys.stdin.read()"]);
  if (!started.ok) throw new Error(started.error);
  await using program = started.value;
  expect(program.target.pid).toBeGreaterThan(0);
}, 60_000);

it("a program that cannot be started is said", async () => {
  expect(await startCommand(["/no/such/program"])).toMatchObject({ ok: false, error: expect.stringMatching(/ENOENT/) });
}, 60_000);
