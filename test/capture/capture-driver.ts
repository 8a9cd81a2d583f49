// A program for tests to kill: captures a process again and again. Says "up" when it is loaded and starts at the first
// line on stdin. Arguments: PID COUNT MAX_PAUSE_MS HOLD_MS. HOLD_MS blocks inside the pause, right after the stop.

import { captureProcess } from "../../src/capture/capture-process.ts";

const [pid = 0, count = 1, maxPauseMs = 5000, holdMs = 0] = process.argv.slice(2).map(Number);

process.stdout.write("up\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.stdin.unref?.();
for (let done = 0; done < count; done++) {
  const captured = await captureProcess(pid, {
    maxPauseMs,
    progress: () => {},
    inspect: () => {
      process.stdout.write("stopped\n");
      if (holdMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, holdMs);
      return "take";
    },
  });
  if (captured.ok) captured.value[Symbol.dispose]();
  process.stdout.write(captured.ok ? "copied\n" : `${captured.error.code}\n`);
}
process.stdin.destroy();
