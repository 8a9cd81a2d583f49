// Captures a process a few times and prints what that has left open in a process of its own, where no other test can
// have anything open. Argument: PID.

import { readdirSync } from "node:fs";
import { captureProcess } from "../../src/capture/capture-process.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";

const pid = Number(process.argv[2]);

await capture();
const before = ourTraces();
for (let times = 0; times < 5; times++) await capture();
process.stdout.write(JSON.stringify({ before, after: ourTraces() }));

async function capture(): Promise<void> {
  const captured = await captureProcess(pid, { maxPauseMs: 5000, progress: () => {} });
  if (!captured.ok) throw new Error(captured.error.code);
  captured.value[Symbol.dispose]();
}

function ourTraces(): unknown {
  const proc = openProcFs();
  const links = readdirSync("/proc/self/fd").map((fd) => proc.readLink(`self/fd/${fd}`));
  const held = links.flatMap((link) =>
    link.ok && /python|\/proc\/\d+\/(mem|pagemap)|\/dev\/zero/.test(link.value) ? [link.value] : [],
  );
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGTSTP", "exit"].map((name) => process.listenerCount(name));
  return { held, signals };
}
