// The tools, and what each is asked. Versions are pinned: figures of other versions are other figures.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "./measurement.ts";

export type Contestant = Inside | Outside | Control;

interface Named {
  readonly key: string;
  readonly name: string;
}
/** A function of in_process.py. */
export interface Inside extends Named {
  readonly kind: "inside";
  /** For pip; null needs nothing. */
  readonly requirement: string | null;
  readonly whenNamed: string;
}
/** A command that is given the process id. */
export interface Outside extends Named {
  readonly kind: "outside";
  readonly requirement: string | null;
  /** `file` is a path that is free and can be written. */
  readonly command: (pid: number, file: string) => readonly string[];
  readonly whenNamed: string;
  /** Not part of what is measured. */
  readonly answer: (output: string, file: string) => Answer;
  /** Why it cannot run here; null if it can. */
  readonly obstacle: string | null;
}
/** Nothing is done to the target: what the heartbeat notes then is the floor of all other figures. */
export interface Control extends Named {
  readonly kind: "control";
}

export interface Programs {
  readonly python: string;
  readonly deadweight: string;
  /** A checkout of github.com/ivanyu/pyheap, or the pyheap_dump of one of its releases. */
  readonly pyheap: string | undefined;
  readonly hasGdb: boolean;
}

export const REQUIREMENTS: readonly string[] = ["objgraph==3.7.0", "Pympler==1.1", "guppy3==3.1.7", "pyelftools==0.33"];
/** What to say when the name of the holder was in the answer. */
const OF_A_CHOSEN_OBJECT = "of an object you pick";
const [OBJGRAPH = "", PYMPLER = "", GUPPY = "", PYELFTOOLS = ""] = REQUIREMENTS;

/** A dump is not an answer. */
const SAYS_NOTHING = { whenNamed: "", answer: (): Answer => ({ text: "", bytes: null }) };
const ANSWER_LIMIT_BYTES = 64 << 20;

/** The parts of `top --json` that are looked at. */
interface TopReport {
  readonly byHolder: readonly { readonly holder: { readonly path: string }; readonly retainedBytes: number }[];
}

export function contestants(programs: Programs): readonly Contestant[] {
  return [
    { kind: "control", key: "control", name: "nothing (2 s)" },
    ...ourselves(programs.deadweight),
    inside("walk", "`gc.get_objects` + `get_referents` + `getsizeof`", null),
    inside("objgraph", "objgraph 3.7.0", OBJGRAPH),
    inside("pympler", "Pympler 1.1", PYMPLER),
    inside("guppy", "guppy3 3.1.7", GUPPY),
    pyheap(programs),
    {
      kind: "outside",
      key: "gcore",
      name: "gcore (copy only)",
      requirement: null,
      command: (pid, file) => ["gcore", "-o", file, String(pid)],
      ...SAYS_NOTHING,
      obstacle: programs.hasGdb ? null : "no gdb here",
    },
  ];
}

function ourselves(program: string): readonly Outside[] {
  const shared = { kind: "outside", requirement: null, obstacle: null } as const;
  return [
    {
      ...shared,
      key: "top",
      name: "**Deadweight** `top`",
      command: (pid) => [process.execPath, program, "top", String(pid), "--json"],
      whenNamed: "yes",
      answer: answerOfTop,
    },
    {
      ...shared,
      key: "snapshot",
      name: "**Deadweight** `snapshot`",
      command: (pid, file) => [process.execPath, program, "snapshot", String(pid), "-o", `${file}.dwsnap`, "--json"],
      whenNamed: "yes, `top` on the file",
      answer: (_, file) =>
        answerOfTop(
          execFileSync(process.execPath, [program, "top", `${file}.dwsnap`, "--json"], {
            encoding: "utf8",
            maxBuffer: ANSWER_LIMIT_BYTES,
          }),
        ),
    },
  ];
}

function inside(key: string, name: string, requirement: string | null): Inside {
  return { kind: "inside", key, name, requirement, whenNamed: OF_A_CHOSEN_OBJECT };
}

/** The first holder, without a hint from us: it has to be CACHE. */
function answerOfTop(output: string): Answer {
  const largest = (JSON.parse(output) as TopReport).byHolder[0];
  return { text: largest?.holder.path ?? "", bytes: largest?.retainedBytes ?? null };
}

/** The package PyHeap of the index is something else (a priority queue), so it has to be given. */
function pyheap({ python, pyheap: given, hasGdb }: Programs): Outside {
  const source = given === undefined ? "" : join(given, "pyheap", "src", "pyheap_dump.py");
  const program = existsSync(source) ? source : (given ?? "");
  return {
    kind: "outside",
    key: "pyheap",
    name: `PyHeap${versionOfPyheap(given)} (dump only)`,
    requirement: PYELFTOOLS,
    command: (pid, file) => [python, program, "--pid", String(pid), "--file", file],
    ...SAYS_NOTHING,
    obstacle: pyheapObstacle(given, hasGdb),
  };
}

function pyheapObstacle(given: string | undefined, hasGdb: boolean): string | null {
  if (given === undefined)
    return "not on PyPI (PyHeap there is a priority queue); give --pyheap CHECKOUT_OR_PYHEAP_DUMP";
  if (!existsSync(given)) return `${given} does not exist`;
  return hasGdb ? null : "no gdb here";
}

function versionOfPyheap(given: string | undefined): string {
  const project = join(given ?? "", "pyheap", "pyproject.toml");
  if (given === undefined || !existsSync(project)) return "";
  return ` ${/^version = "(.*)"/m.exec(readFileSync(project, "utf8"))?.[1] ?? ""}`;
}
