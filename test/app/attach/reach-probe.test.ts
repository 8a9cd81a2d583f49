// Windows of allocations and lines in a process whose probe another tool has connected: through that tool, and nothing is left on.

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attachProbe } from "../../../src/app/attach/attach-probe.ts";
import { watchProcessLines } from "../../../src/app/lines/watch-process-lines.ts";
import { openRelayAt } from "../../../src/app/probe/relayed-probes.ts";
import { traceProcess } from "../../../src/app/trace/trace-process.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import {
  answer,
  openHub,
  plainEnvironment,
  type Program,
  startProgram,
  type TestHub,
  until,
} from "../probe/probed-program.ts";
import { QUIETLY, startAsked } from "./attach-target.ts";

const ANSWERS = join(import.meta.dirname, "targets", "answers.py");
const GROWS = "self.data = bytearray(4000)";
const found = findInterpreters();
/** The oldest traces lines by thread, the newest has `sys.monitoring`. */
const PYTHONS = [...new Set([found[0]!, found.at(-1)!])];
const ASKED = { ...QUIETLY, forSeconds: 1, progress: () => {}, signal: new AbortController().signal };
const TRACE = { ...ASKED, frames: 1, budget: 200_000, limit: 20, holder: null, join: false };
const LINES = { ...ASKED, functions: ["__main__:Session.__init__"], modules: [] };

async function started(python: string): Promise<{ readonly hub: TestHub; readonly program: Program }> {
  const hub = await openHub();
  const program = startProgram(python, [ANSWERS], hub.hub.environment(plainEnvironment()));
  await program.says("ready");
  await until(() => hub.connections.length > 0);
  return { hub, program };
}

describe.each(PYTHONS.map((python) => ({ name: describeInterpreter(python), python })))(
  "a program under `deadweight run` on $name",
  { timeout: 60_000 },
  ({ python }) => {
    it("is traced, with the place that keeps what was allocated", async () => {
      const { hub, program } = await started(python.path);
      const traced = await traceProcess({ ...TRACE, pid: program.pid, holder: "__main__.SESSIONS" });
      if (!traced.ok) throw new Error(JSON.stringify(traced.error));
      expect(traced.value.report.lines[0]).toMatchObject({ source: GROWS });
      expect(traced.value.report.holders?.[0]?.lines[0]).toMatchObject({ source: GROWS });
      expect(await answer(hub.connections[0], "stats")).toMatchObject({ tracing: false });
    });

    it("is watched line by line, twice", async () => {
      const { hub, program } = await started(python.path);
      for (let times = 0; times < 2; times++) {
        const report = await watchProcessLines({ ...LINES, pid: program.pid });
        if (!report.ok) throw new Error(JSON.stringify(report.error));
        expect(report.value.functions[0]?.lines.some(({ source }) => source.trim() === GROWS)).toBe(true);
      }
      expect(hub.connections).toHaveLength(1);
    });

    it("a tool that asked through the other and is gone: its window is closed", async () => {
      const { hub, program } = await started(python.path);
      const opened = await openRelayAt(hub.hub.socketPath);
      if (!opened.ok) throw new Error(opened.error);
      const began = await opened.value.ask(program.pid, "trace-start");
      expect([began.ok, await answer(hub.connections[0], "stats")]).toMatchObject([true, { tracing: true }]);
      opened.value[Symbol.dispose]();
      await expect.poll(() => answer(hub.connections[0], "stats")).toMatchObject({ tracing: false });
    });
  },
);

it("a process that another `deadweight attach` holds is traced through it", { timeout: 60_000 }, async () => {
  await using target = await startAsked(found.at(-1)!.path);
  const attached = await attachProbe(target.pid, QUIETLY);
  if (!attached.ok) throw new Error(JSON.stringify(attached.error));
  await using holding = attached.value;
  const traced = await traceProcess({ ...TRACE, pid: target.pid });
  expect(traced).toMatchObject({ ok: true, value: { report: { ended: "asked" } } });
  const lines = await watchProcessLines({ ...LINES, pid: target.pid });
  expect(lines).toMatchObject({ ok: true, value: { functions: [{ function: "Session.__init__" }] } });
  expect((await holding.connection.request("stats")).ok).toBe(true);
});
