// All signals of one process at one moment. What is cheap is read at every tick; the rest at the pace it is worth.

import { countDescriptors } from "../../capture/process-signals/descriptors.ts";
import { findControlGroup, readControlGroup } from "../../capture/process-signals/control-group.ts";
import { type OomCounts, oomKillBetween, readOomCounts } from "../../capture/process-signals/oom-kills.ts";
import { readMemoryStatus } from "../../capture/process-signals/memory-status.ts";
import { proportionalSizeGapMs, readProportionalBytes } from "../../capture/process-signals/proportional-size.ts";
import { readRunState } from "../../capture/process-signals/run-state.ts";
import type { ProcFs } from "../../capture/proc-fs.ts";
import { type ProcessMapping, readMappings } from "../../capture/proc-maps.ts";
import { type ArenaRoots, type DataRange, findArenaRoots, readArenas } from "../../cpython/arena-table.ts";
import { usageOf } from "../../cpython/arena-usage.ts";
import { readCollector } from "../../cpython/collector-counters.ts";
import type { OutsideReader } from "../../cpython/memory-image.ts";
import type { OomKill } from "../../model/process-end.ts";
import type { AllocatorSample, ProcessSample } from "../../model/sample.ts";
import type { KnownInterpreter } from "../identify-target.ts";

export interface Sampler {
  /**
   * Null when the process is no more. `load`: as the load signal counts it, null when it has not answered. "all": also the allocator,
   * due or not.
   */
  sample(atMs: number, load: number | null | "cpu-time", which?: "due" | "all"): SampledProcess | null;
  /** Whether a kill for want of memory was counted in the last seconds. To be asked when the process is gone. */
  oomKill(): OomKill | null;
}

export interface SampledProcess {
  readonly sample: ProcessSample;
  /** Stopped by a signal or a debugger: nothing will change until it goes on. */
  readonly isStopped: boolean;
}

export interface SamplerSource {
  /** Reads /proc, and from "/" for control groups. */
  readonly proc: ProcFs;
  readonly root: ProcFs;
  readonly pid: number;
  readonly startTimeTicks: number;
  readonly memory: OutsideReader;
  readonly known: KnownInterpreter;
  /** The allocator and the descriptors are looked at this often: they cost more than the rest. */
  readonly rareGapMs: number;
}

const GROUP_GAP_MS = 1000;
/** A kill is counted when it is decided; a large process takes seconds to be gone. Older kills were of others. */
const KILL_MS = 15_000;

/** Says once per `gapMs` that something is due; the first time at once. */
function createPace(): (atMs: number, gapMs: number) => boolean {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (atMs, gapMs) => {
    if (atMs - lastMs < gapMs) return false;
    lastMs = atMs;
    return true;
  };
}

export function createSampler(source: SamplerSource): Sampler {
  const { proc, root, pid, memory, known } = source;
  const group = findControlGroup(proc, root, pid);
  const arenas = findArenas(source);
  const [groupPace, descriptorPace, sharePace, allocatorPace] = [
    createPace(),
    createPace(),
    createPace(),
    createPace(),
  ];
  const kills = createKillLog(() => readOomCounts(proc, root, group));
  let turn = 0;
  return {
    sample: (atMs, load, which = "due") => {
      const state = readRunState(proc, pid);
      const status = readMemoryStatus(proc, pid);
      if (state === null || !status.ok || state.isDead || state.startTimeTicks !== source.startTimeTicks) return null;
      const { rssBytes } = status.value;
      const isGroupDue = groupPace(atMs, GROUP_GAP_MS);
      if (isGroupDue) kills.add(atMs);
      const sample: ProcessSample = {
        atMs,
        ...status.value,
        cpuSeconds: state.cpuSeconds,
        pssBytes: sharePace(atMs, proportionalSizeGapMs(rssBytes)) ? readProportionalBytes(proc, pid) : null,
        descriptors: descriptorPace(atMs, source.rareGapMs) ? countDescriptors(proc, pid) : null,
        group: group !== null && isGroupDue ? readControlGroup(proc, root, group) : null,
        collector: readCollector(memory, known.interpreter, known.layout),
        allocator: allocatorPace(atMs, which === "all" ? 0 : source.rareGapMs)
          ? readAllocator(source, arenas, turn++)
          : null,
        load: load === "cpu-time" ? state.cpuSeconds : load,
      };
      return { sample, isStopped: state.isStopped };
    },
    oomKill: () => kills.recent(),
  };
}

interface KillLog {
  readonly add: (atMs: number) => void;
  /** Whether a kill has been counted since the oldest reading that is kept. */
  readonly recent: () => OomKill | null;
}

function createKillLog(read: () => OomCounts): KillLog {
  const readings = [{ atMs: 0, counts: read() }];
  return {
    add: (atMs) => {
      readings.push({ atMs, counts: read() });
      while (readings.length > 2 && (readings[0]?.atMs ?? atMs) < atMs - KILL_MS) readings.shift();
    },
    recent: () => (readings[0] === undefined ? null : oomKillBetween(readings[0].counts, read())),
  };
}

function readAllocator(
  { memory, known }: SamplerSource,
  roots: ArenaRoots | null,
  turn: number,
): AllocatorSample | null {
  const arenas = roots === null ? null : readArenas(memory, roots, known.layout);
  return arenas === null ? null : usageOf(memory, arenas, known.layout, turn);
}

function findArenas({ proc, pid, memory, known }: SamplerSource): ArenaRoots | null {
  const runtime = known.interpreter.symbols.get("_PyRuntime");
  const mappings = readMappings(proc, pid);
  if (runtime === undefined || !mappings.ok) return null;
  return findArenaRoots(memory, dataAround(mappings.value, runtime), known.layout);
}

/** The writable mappings that lie without a gap around an address: data and zeroed data of one file. */
export function dataAround(mappings: readonly ProcessMapping[], address: number): DataRange[] {
  const inside = mappings.findIndex(({ start, end }) => start <= address && address < end);
  if (inside < 0) return [];
  let [first, last] = [inside, inside];
  while (mappings[first - 1]?.end === mappings[first]?.start) first -= 1;
  while (mappings[last + 1]?.start === mappings[last]?.end) last += 1;
  return mappings.slice(first, last + 1).filter(({ writable, readable }) => writable && readable);
}
