// `deadweight snapshot PID|CORE [-o FILE]`

import { snapshotText } from "../../report/snapshot-text.ts";
import { type Command, defineCommand } from "../command.ts";
import { defaultFileName } from "../default-file-name.ts";
import { EXIT } from "../exit-codes.ts";
import { printProblem, printReport } from "../print-report.ts";
import { EXECUTABLE_OPTION, MAX_PAUSE_OPTION, SYSROOT_OPTION, VALUES_OPTION, withReading } from "../source-options.ts";

export const snapshot: Command = defineCommand({
  name: "snapshot",
  summary: "write the heap of a process or core file to a snapshot file",
  description: [
    "Stops the process for a fraction of a second, copies its memory, lets it go on, and writes what its heap looked like. Nothing is loaded into the process, unless you ask for it with --fork or --inside. The file can be read on another machine.",
  ],
  arguments: {
    target: {
      placeholder: "PID|CORE",
      takes: "source",
      count: "one",
      summary: "process id or core file; a file named by digits is given as ./1234",
    },
  },
  options: {
    output: {
      kind: "file",
      placeholder: "FILE",
      short: "o",
      summary: "file to write (default: deadweight-PID-DATE-TIME.dwsnap here)",
    },
    force: { kind: "flag", summary: "overwrite the file if it exists" },
    fork: {
      kind: "flag",
      summary: "have the process fork once, let it go on at once, and read the sleeping copy; runs code in it",
    },
    inside: {
      kind: "flag",
      summary: "have the process write its objects down itself, in a forked child where it can; runs code in it",
    },
    values: VALUES_OPTION,
    "max-pause": MAX_PAUSE_OPTION,
    executable: EXECUTABLE_OPTION,
    sysroot: SYSROOT_OPTION,
  },
  examples: [
    { command: "deadweight snapshot 4711", why: "take a snapshot of process 4711" },
    {
      command: "deadweight snapshot 4711 -o before.dwsnap --max-pause 0.5",
      why: "give up rather than stop it for longer than half a second",
    },
    {
      command: "deadweight snapshot 4711 --fork",
      why: "pause a large process for the time of a fork, and not of a copy; takes memory",
    },
    {
      command: "deadweight snapshot 4711 --inside -o inside.dwsnap",
      why: "for what cannot be read from outside",
    },
    {
      command: "deadweight snapshot /var/crash/core.4711.zst -o crash.dwsnap",
      why: "read a core file as coredumpctl stores it",
    },
  ],
  exitCodes: [
    { code: EXIT.clean, when: "the snapshot is written" },
    { code: EXIT.couldNot, when: "the target cannot be read, or the file cannot be written" },
  ],
  async run(given, world) {
    const { target } = given.arguments;
    const { output, force, json } = given.options;
    if (given.options.fork && given.options.inside) {
      const message = "--fork and --inside are two ways to take one snapshot: give one of them.";
      return await printProblem({ code: "usage", message }, json, world);
    }
    const file = output ?? defaultFileName(target, world.nowMs());
    if (!force && world.fileExists(file)) {
      const message = `${file} exists already, and a snapshot cannot be taken twice: name another file, or add --force to overwrite it.`;
      return await printProblem({ code: "file-exists", message }, json, world);
    }
    const taken = await withReading(given.options, world, (options) =>
      world.actions.takeSnapshot(target, file, { ...options, way: wayOf(given.options) }),
    );
    if (!taken.ok) return await printProblem(taken.error, json, world);
    await printReport(taken.value, json, snapshotText, world);
    return EXIT.clean;
  },
});

function wayOf({ fork, inside }: { readonly fork: boolean; readonly inside: boolean }): "outside" | "fork" | "inside" {
  if (fork) return "fork";
  return inside ? "inside" : "outside";
}
