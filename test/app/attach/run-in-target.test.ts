// Python in a process that was not prepared for it: once, in its main thread, or not at all.

import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { runInTarget } from "../../../src/app/attach/run-in-target.ts";
import { explainAttachError } from "../../../src/model/explain-attach-error.ts";
import { describeInterpreter, findInterpreters } from "../../support/interpreters.ts";
import { ownTemporaries } from "../../support/own-temporaries.ts";
import { startProcess } from "../../capture/start-target.ts";
import { attachableInterpreters, startBusy } from "./attach-target.ts";

const TIMES = 4;
const WAITS =
  "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\nprint('ready', flush=True)\ns.accept()";
const IDLE = "import time\nprint('ready', flush=True)\nwhile True: time.sleep(0.01)";
const COUNT = "import __main__\n__main__.calls.append(1)\nanswer = len(__main__.calls)";
const python = findInterpreters().at(-1)?.path ?? "python3";

describe.each(attachableInterpreters().map((each) => [describeInterpreter(each), each] as const))(
  "Python %s",
  (_, { path, version }) => {
    it("runs it once each time, beside four threads that allocate", { timeout: 120_000 }, async () => {
      await using target = await startBusy(path, 4);
      for (let n = 1; n <= TIMES; n++) {
        const ran = await runInTarget(target.pid, COUNT, {
          thread: n % 2 === 0 ? "any" : "main",
          beginWithinMs: 30_000,
        });
        expect(ran).toMatchObject({ ok: true, value: { answer: String(n) } });
      }
      const where =
        "import sys, threading\nanswer = '%s %s' % (sys.version.split()[0], threading.current_thread() is threading.main_thread())";
      expect(await runInTarget(target.pid, where)).toMatchObject({ ok: true, value: { answer: `${version} True` } });
    });

    it("an exception stays inside, and nothing of the call is seen", { timeout: 60_000 }, async () => {
      await using target = await startBusy(path, 0);
      const failed = await runInTarget(target.pid, "left_over = 1\nraise ValueError('as asked')");
      expect(failed).toMatchObject({
        ok: false,
        error: { code: "attach-failed-inside", detail: "ValueError: as asked" },
      });
      const names = await runInTarget(target.pid, "import __main__\nanswer = sorted(vars(__main__))");
      expect(names.ok && names.value.answer).not.toMatch(/left_over|'file'|'folder'|'f'/);
    });
  },
);

describe("a call that nobody takes", () => {
  it("is withdrawn, and the next one takes its place", { timeout: 60_000 }, async () => {
    await using target = await startProcess(python, ["-c", WAITS]);
    for (let n = 0; n < 3; n++) {
      const ran = await runInTarget(target.pid, "import os; os._exit(3)", { beginWithinMs: 1200 });
      expect(ran).toMatchObject({ ok: false, error: { code: "attach-not-taken", canUseGdb: true } });
      expect(ran.ok || explainAttachError(ran.error)).toMatch(/accept4.*withdrawn.*--wait 60, or --gdb/s);
    }
    expect(target.child.exitCode).toBeNull();
  });

  it("says that it is armed, and is withdrawn when asked", { timeout: 60_000 }, async () => {
    await using target = await startProcess(python, ["-c", WAITS]);
    const asked = new AbortController();
    const said: (string | null)[] = [];
    const onArmed = (waitsIn: string | null): void => (said.push(waitsIn), asked.abort());
    const ran = await runInTarget(target.pid, "", { onArmed, signal: asked.signal });
    expect([ran.ok, said]).toEqual([false, ["accept4"]]);
  });
});

describe("refused before anything is written", () => {
  it.each([
    ["PYTHON_DISABLE_REMOTE_DEBUG", [], { PYTHON_DISABLE_REMOTE_DEBUG: "1" }],
    ["-X disable-remote-debug", ["-X", "disable-remote-debug"], {}],
    ["-X disable-remote-debug", ["-Xdisable-remote-debug"], {}],
  ])("a process with %s, whatever its version", async (by, options, environment) => {
    await using target = await startProcess(python, [...options, "-c", IDLE], { ...process.env, ...environment });
    expect(await runInTarget(target.pid, "")).toMatchObject({ ok: false, error: { code: "attach-forbidden", by } });
  });

  it("another user's process, whoever we are", async ({ skip }) => {
    if (process.geteuid?.() !== 0) skip();
    const program = `import os\nos.setuid(65534)\n${IDLE}`;
    await using target = await startProcess(python, ["-c", program]);
    const ran = await runInTarget(target.pid, "");
    expect(ran).toMatchObject({ ok: false, error: { code: "attach-other-user", ownerUid: 65534, ourUid: 0 } });
  });

  it("what is no Python, and what is not there", async () => {
    const child = spawn("sleep", ["60"]);
    try {
      await sleep(200);
      expect(await runInTarget(child.pid ?? 0, "")).toMatchObject({ ok: false, error: { code: "not-python" } });
    } finally {
      child.kill();
    }
    expect(await runInTarget(4_194_305, "")).toMatchObject({ ok: false, error: { code: "no-such-process" } });
  });
});

it("leaves no folder", async () => {
  await using target = await startProcess(python, ["-c", IDLE]);
  using temporaries = ownTemporaries();
  const running = runInTarget(target.pid, "import time; time.sleep(0.5)");
  await expect.poll(() => temporaries.left().length).toBe(1);
  await running;
  await runInTarget(target.pid, "raise OSError");
  expect(temporaries.left()).toEqual([]);
});
