// Who tells that the kernel killed a process: counters before and after. The trees are as Linux 6.1 has them (seen in a kernel of our own,
// version 1 and 2, with a limit of 200 MiB that a Python process ran into).

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openProcFs } from "../../../src/capture/proc-fs.ts";
import { findControlGroup } from "../../../src/capture/process-signals/control-group.ts";
import { oomKillBetween, readOomCounts } from "../../../src/capture/process-signals/oom-kills.ts";
import type { OomKill } from "../../../src/model/process-end.ts";

type Files = Readonly<Record<string, string>>;

const EVENTS = (kills: number): string => `low 0\nhigh 0\nmax 85\noom ${kills}\noom_kill ${kills}\noom_group_kill 0\n`;
const V1_CONTROL = (kills: number): string => `oom_kill_disable 0\nunder_oom 0\noom_kill ${kills}\n`;
const VMSTAT = (kills: number): string => `nr_free_pages 7\noom_kill ${kills}\nnuma_hit 0\n`;

const V2: Files = {
  "proc/self/mountinfo": "21 19 0:19 / /sys/fs/cgroup rw,relatime - cgroup2 none rw\n",
  "proc/77/cgroup": "0::/docker/abc\n",
  "proc/vmstat": VMSTAT(3),
  "sys/fs/cgroup/docker/memory.current": "9\n",
  "sys/fs/cgroup/docker/memory.events": EVENTS(0),
  "sys/fs/cgroup/docker/abc/memory.current": "9\n",
  "sys/fs/cgroup/docker/abc/memory.events": EVENTS(0),
};
const V1: Files = {
  "proc/self/mountinfo": "22 20 0:21 / /sys/fs/cgroup/memory rw,relatime - cgroup none rw,memory\n",
  "proc/77/cgroup": "1:memory:/docker/abc\n0::/\n",
  "proc/vmstat": VMSTAT(3),
  "sys/fs/cgroup/memory/memory.usage_in_bytes": "9\n",
  "sys/fs/cgroup/memory/memory.oom_control": V1_CONTROL(0),
  "sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes": "9\n",
  "sys/fs/cgroup/memory/docker/abc/memory.oom_control": V1_CONTROL(0),
};
const NO_GROUPS: Files = { "proc/vmstat": VMSTAT(3) };

/** What is said when the files change so; null removes one. */
function saidOf(before: Files, changes: Readonly<Record<string, string | null>>): OomKill | null {
  const folder = mkdtempSync(join(tmpdir(), "dw-oom-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(before)) write(path, text);
  const [proc, root] = [openProcFs(join(folder, "proc")), openProcFs(folder)];
  const group = findControlGroup(proc, root, 77);
  const first = readOomCounts(proc, root, group);
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) rmSync(join(folder, path));
    else write(path, text);
  }
  return oomKillBetween(first, readOomCounts(proc, root, group));
}

it.each([
  [
    "version 2: the own group counts",
    V2,
    {
      "sys/fs/cgroup/docker/abc/memory.events": EVENTS(1),
      "sys/fs/cgroup/docker/memory.events": EVENTS(1),
      "proc/vmstat": VMSTAT(4),
    },
    "group",
  ],
  [
    "version 2: the group went with its container, the one around it counts",
    V2,
    {
      "sys/fs/cgroup/docker/abc/memory.events": null,
      "sys/fs/cgroup/docker/memory.events": EVENTS(1),
      "proc/vmstat": VMSTAT(4),
    },
    "group",
  ],
  [
    "version 2: somebody else was killed",
    V2,
    { "sys/fs/cgroup/docker/memory.events": EVENTS(1), "proc/vmstat": VMSTAT(4) },
    null,
  ],
  [
    "version 1: the own group counts",
    V1,
    { "sys/fs/cgroup/memory/docker/abc/memory.oom_control": V1_CONTROL(1), "proc/vmstat": VMSTAT(4) },
    "group",
  ],
  [
    "version 1: the group went, and those around it count their own only",
    V1,
    { "sys/fs/cgroup/memory/docker/abc/memory.oom_control": null, "proc/vmstat": VMSTAT(4) },
    "machine",
  ],
  ["no groups: the machine counts", NO_GROUPS, { "proc/vmstat": VMSTAT(4) }, "machine"],
  ["nothing was counted", V2, {}, null],
  ["the kernel counts nothing (before 4.13)", { "proc/vmstat": "nr_free_pages 7\n" }, {}, null],
] as const)("%s", (_, before, changes, said) => {
  expect(saidOf(before, changes)).toBe(said);
});
