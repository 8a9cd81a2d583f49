// Reading a process takes nothing from its environment and leaves nothing in it.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { captureProcess } from "../../src/capture/capture-process.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";
import { readMappings } from "../../src/capture/proc-maps.ts";
import { readPresentRuns } from "../../src/capture/proc-pagemap.ts";
import { readStatus } from "../../src/capture/proc-status.ts";
import { compileDriver } from "./compile-driver.ts";
import { startProcess } from "./start-target.ts";

const SLEEPER = `
import signal, sys, threading, time
sparse = bytearray(64 << 20)
for _ in range(3):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
kept = [{"id": i} for i in range(5000)]
time.sleep(0.3)
print("ready", flush=True)
time.sleep(60)
`;

test("descriptors, threads, environment, mappings, pages, signals and children of the target are as before", async () => {
  await using target = await startProcess("python3", ["-c", SLEEPER], {
    ...process.env,
    NODE_OPTIONS: "",
    PYTHONMALLOC: "malloc",
  });
  const before = await tracesOf(target.pid);
  for (let times = 0; times < 3; times++) {
    const captured = await captureProcess(target.pid, { maxPauseMs: 5000, progress: () => {} });
    expect(captured.ok).toBe(true);
    if (captured.ok) captured.value[Symbol.dispose]();
  }
  expect(await tracesOf(target.pid)).toEqual(before);
  expect(childrenOfOurs()).not.toContain("--eval");
});

test("our own descriptors and listeners are as before", async () => {
  await using target = await startProcess("python3", ["-c", SLEEPER]);
  using driver = compileDriver("test/capture/own-traces-driver.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [driver.file, String(target.pid)]);
  const { before, after } = JSON.parse(stdout) as { readonly before: unknown; readonly after: unknown };
  expect(after).toEqual(before);
  expect(before).toHaveProperty("signals");
});

async function tracesOf(pid: number): Promise<unknown> {
  const proc = openProcFs();
  const mappings = readMappings(proc, pid);
  const pagemap = proc.open(`${pid}/pagemap`);
  if (!mappings.ok || !pagemap.ok) throw new Error("the target is gone");
  using file = pagemap.value;
  const status = readStatus(proc, pid);
  const text = readFileSync(`/proc/${pid}/status`, "latin1");
  return {
    mappings: mappings.value,
    pages: await readPresentRuns(file, mappings.value),
    descriptors: readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)),
    threads: readdirSync(`/proc/${pid}/task`),
    environment: readFileSync(`/proc/${pid}/environ`, "latin1"),
    children: readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1"),
    tracer: /^TracerPid:.*$/m.exec(text)?.[0],
    signals: text.match(/^(SigQ|SigPnd|ShdPnd|SigBlk|SigIgn|SigCgt):.*$/gm)?.filter((line) => !line.startsWith("SigQ")),
    rss: status.ok ? status.value.rssBytes : 0,
  };
}

/** Command lines of the processes this one has started. */
function childrenOfOurs(): string {
  const pids = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "latin1").split(" ").filter(Boolean);
  return pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, "latin1")).join("\n");
}
