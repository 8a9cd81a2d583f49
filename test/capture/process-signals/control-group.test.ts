// Trees as Linux shows them: version 1 and 2, on a host, in a container with and without a namespace of its own.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openProcFs, type ProcFs } from "../../../src/capture/proc-fs.ts";
import { readCgroupHeadroomBytes } from "../../../src/capture/cgroup-memory.ts";
import { findControlGroup, readControlGroup } from "../../../src/capture/process-signals/control-group.ts";
import type { ControlGroupSample } from "../../../src/model/sample.ts";

const V2 = "29 22 0:25 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";
const V1 = (root: string): string =>
  `35 31 0:32 ${root} /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`;
const NO_LIMIT_V1 = "9223372036854771712\n";
const GIB = 2 ** 30;

describe("control groups", () => {
  it("version 2 on a host: the tightest limit on the way up counts", () => {
    const sample = sampleOf({
      "proc/self/mountinfo": V2,
      "proc/77/cgroup": "0::/kubepods/pod1/app\n",
      "sys/fs/cgroup/kubepods/pod1/app/memory.current": `${GIB}\n`,
      "sys/fs/cgroup/kubepods/pod1/app/memory.max": "max\n",
      "sys/fs/cgroup/kubepods/pod1/app/memory.stat": "anon 5\ninactive_file 1000\n",
      "sys/fs/cgroup/kubepods/pod1/app/memory.pressure":
        "some avg10=1.50 avg60=0.10 avg300=0.00 total=1\nfull avg10=0.00\n",
      "sys/fs/cgroup/kubepods/pod1/app/memory.events": "low 0\noom 2\noom_kill 1\n",
      "sys/fs/cgroup/kubepods/pod1/memory.current": `${1.5 * GIB}\n`,
      "sys/fs/cgroup/kubepods/pod1/memory.max": `${2 * GIB}\n`,
      "sys/fs/cgroup/kubepods/pod1/memory.stat": "inactive_file 2000\n",
    });
    expect(sample).toEqual({
      usageBytes: 1.5 * GIB,
      limitBytes: 2 * GIB,
      inactiveFileBytes: 2000,
      pressureSome10: 1.5,
      oomKills: 1,
    });
  });

  it("version 2 in a container with its own namespace: its group is the top", () => {
    const sample = sampleOf({
      "proc/self/mountinfo": V2,
      "proc/77/cgroup": "0::/\n",
      "proc/pressure/memory": "some avg10=0.25 avg60=0.10 avg300=0.00 total=1\n",
      "sys/fs/cgroup/memory.current": "1000\n",
      "sys/fs/cgroup/memory.max": "4000\n",
    });
    expect(sample).toMatchObject({ usageBytes: 1000, limitBytes: 4000, pressureSome10: 0.25, oomKills: null });
  });

  it("version 1 in a container without a namespace: the mount shows its group as the top", () => {
    const sample = sampleOf({
      "proc/self/mountinfo": V1("/docker/abc"),
      "proc/77/cgroup": "4:memory:/docker/abc\n0::/\n",
      "sys/fs/cgroup/memory/memory.usage_in_bytes": "5000\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "6000\n",
      "sys/fs/cgroup/memory/memory.stat": "inactive_file 1\ntotal_inactive_file 7\n",
      "sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
    });
    expect(sample).toMatchObject({ usageBytes: 5000, limitBytes: 6000, inactiveFileBytes: 7, oomKills: 3 });
  });

  it("version 1 on a host: the largest number there is means no limit", () => {
    const sample = sampleOf({
      "proc/self/mountinfo": V1("/"),
      "proc/77/cgroup": "5:cpu:/\n4:memory,hugetlb:/jobs/one\n",
      "sys/fs/cgroup/memory/jobs/one/memory.usage_in_bytes": "5000\n",
      "sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes": NO_LIMIT_V1,
      "sys/fs/cgroup/memory/memory.usage_in_bytes": "9000\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": NO_LIMIT_V1,
    });
    expect(sample).toMatchObject({ usageBytes: 5000, limitBytes: null, pressureSome10: null });
  });

  it("both versions mounted: memory from version 1, pressure from the group that version 2 has for the process", () => {
    // Captured on Linux 6.18, of a group whose six processes read more of a file than its 40 MiB hold, and of the whole machine.
    const captured =
      "some avg10=10.79 avg60=4.01 avg300=0.97 total=3162726\nfull avg10=8.46 avg60=3.01 avg300=0.72 total=2361093\n";
    const ofMachine =
      "some avg10=8.45 avg60=3.35 avg300=0.91 total=3579996\nfull avg10=6.38 avg60=2.40 avg300=0.64 total=2700207\n";
    const files = {
      "proc/self/mountinfo": V1("/"),
      "proc/77/cgroup": "4:memory:/jobs\n0::/jobs\n",
      "proc/pressure/memory": ofMachine,
      "sys/fs/cgroup/memory/jobs/memory.usage_in_bytes": "41943040\n",
      "sys/fs/cgroup/memory/jobs/memory.limit_in_bytes": "41943040\n",
    };
    expect(sampleOf({ ...files, "sys/fs/cgroup/unified/jobs/memory.pressure": captured })).toMatchObject({
      limitBytes: 41_943_040,
      pressureSome10: 10.79,
    });
    expect(sampleOf(files)).toMatchObject({ pressureSome10: 8.45 });
  });

  it("a pod under systemd: the room of the whole pod counts, with what the page cache gives back", () => {
    const scope = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-abc.scope";
    const pod = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice";
    const sample = sampleOf({
      "proc/self/mountinfo": V2,
      "proc/77/cgroup": `0::/${scope}\n`,
      [`sys/fs/cgroup/${scope}/memory.current`]: `${GIB}\n`,
      [`sys/fs/cgroup/${scope}/memory.max`]: `${1.2 * GIB}\n`,
      [`sys/fs/cgroup/${scope}/memory.stat`]: `anon 5\ninactive_file ${0.5 * GIB}\n`,
      [`sys/fs/cgroup/${pod}/memory.current`]: `${1.7 * GIB}\n`,
      [`sys/fs/cgroup/${pod}/memory.max`]: `${2 * GIB}\n`,
      [`sys/fs/cgroup/${pod}/memory.stat`]: "inactive_file 0\n",
    });
    expect(sample).toMatchObject({ usageBytes: 1.7 * GIB, limitBytes: 2 * GIB });
  });

  it("what we may take ourselves is what our own group leaves, in version 1 as in version 2", () => {
    const inVersion1 = headroomOf({
      "proc/self/mountinfo": V1("/docker/abc"),
      "proc/self/cgroup": "4:memory:/docker/abc\n0::/\n",
      "sys/fs/cgroup/memory/memory.usage_in_bytes": "5000\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "6000\n",
      "sys/fs/cgroup/memory/memory.stat": "total_inactive_file 70\n",
    });
    const inVersion2 = headroomOf({
      "proc/self/mountinfo": V2,
      "proc/self/cgroup": "0::/../../abc\n",
      "sys/fs/cgroup/memory.current": "5000\n",
      "sys/fs/cgroup/memory.max": "6000\n",
    });
    expect([inVersion1, inVersion2, headroomOf({})]).toEqual([1070, 1000, null]);
  });

  it("none where no memory controller is to be seen", () => {
    expect(sampleOf({ "proc/self/mountinfo": V2, "proc/77/cgroup": "0::/a\n" })).toBeNull();
    expect(sampleOf({})).toBeNull();
  });
});

function headroomOf(files: Readonly<Record<string, string>>): number | null {
  const { proc, root } = treeOf(files);
  return readCgroupHeadroomBytes(proc, root);
}

function sampleOf(files: Readonly<Record<string, string>>): ControlGroupSample | null {
  const { proc, root } = treeOf(files);
  const group = findControlGroup(proc, root, 77);
  return group === null ? null : readControlGroup(proc, root, group);
}

function treeOf(files: Readonly<Record<string, string>>): { readonly proc: ProcFs; readonly root: ProcFs } {
  const folder = mkdtempSync(join(tmpdir(), "dw-groups-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { proc: openProcFs(join(folder, "proc")), root: openProcFs(folder) };
}
