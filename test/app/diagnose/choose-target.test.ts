// Which process is meant, on recorded process trees: supervisors, idle workers, a thousand matches, ourselves.

import { describe, expect, it } from "vitest";
import {
  chooseByPattern,
  chooseByPid,
  chooseDescendant,
  type Looking,
} from "../../../src/app/diagnose/choose-target.ts";
import { fail, ok } from "../../../src/base/result.ts";
import type { ProcFs } from "../../../src/capture/proc-fs.ts";

interface Recorded {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Total so far, in ticks of 10 ms. */
  readonly ticks?: number;
  readonly pages?: number;
  /** Has an interpreter mapped; yes unless it is said. */
  readonly isPython?: boolean;
}

const OWN_PID = 900;

/** A tree, and how to look at it. Nobody works while we look. */
function recorded(processes: readonly Recorded[]): Looking {
  const files = new Map(processes.flatMap(filesOf));
  const proc: ProcFs = {
    root: "/recorded",
    readText: (path) => {
      const text = files.get(path);
      return text === undefined ? fail("absent") : ok(text);
    },
    list: () => ok(processes.map(({ pid }) => `${pid}`)),
    readLink: () => fail("absent"),
    open: () => fail("absent"),
  };
  return { lookMs: 1, ownPid: OWN_PID, proc };
}

function filesOf(each: Recorded): readonly (readonly [path: string, text: string])[] {
  const { pid, parent, command, ticks = 0, pages = 100, isPython = true } = each;
  const file = isPython ? "/usr/lib/libpython3.11.so.1.0" : "/usr/bin/bash";
  // state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime prio nice threads itreal start
  const fields = `S ${parent} 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${pid}`;
  return [
    [`${pid}/stat`, `${pid} (a) b) ${fields}\n`],
    [`${pid}/statm`, `1000 ${pages} 0 0 0 0 0\n`],
    [`${pid}/cmdline`, `${command.replaceAll(" ", "\0")}\0`],
    [`${pid}/maps`, `7f0000000000-7f0000001000 r-xp 00000000 fe:00 1 ${file}\n`],
  ];
}

const GUNICORN = "/srv/venv/bin/python /srv/venv/bin/gunicorn -w 3 shop.wsgi";
const MASTER_AND_WORKERS: readonly Recorded[] = [
  { pid: 10, parent: 1, command: GUNICORN, ticks: 30, pages: 400 },
  { pid: 11, parent: 10, command: GUNICORN, ticks: 20, pages: 900 },
  { pid: 12, parent: 10, command: GUNICORN, ticks: 90 },
  { pid: 13, parent: 10, command: GUNICORN, ticks: 10 },
];

describe("a supervisor and its workers", () => {
  it("the worker that stands idle is not taken, though it is the largest", async () => {
    const chosen = await chooseByPid(10, recorded(MASTER_AND_WORKERS));
    expect(chosen).toEqual({
      pid: 12,
      workers: [11, 12, 13],
      notices: [
        "Process 10 only supervises, as the first process of gunicorn does. Of 3 workers 12, which has worked most since it started, is diagnosed. All of them stood idle when we looked, and what nobody uses does not grow.",
      ],
    });
  });

  it("a worker is itself, with those beside it", async () => {
    expect(await chooseByPid(13, recorded(MASTER_AND_WORKERS))).toEqual({
      pid: 13,
      workers: [11, 12, 13],
      notices: [],
    });
  });

  it("a pattern that fits all of them means the same", async () => {
    const chosen = await chooseByPattern(/gunicorn.*shop/, recorded(MASTER_AND_WORKERS));
    expect(chosen.ok && chosen.value.pid).toBe(12);
  });

  it("titles that processes give themselves are understood", async () => {
    const titled = MASTER_AND_WORKERS.map((each) => ({
      ...each,
      command: each.pid === 10 ? "gunicorn: master [shop]" : "gunicorn: worker [shop]",
    }));
    expect((await chooseByPid(10, recorded(titled))).pid).toBe(12);
  });

  it("the name of a folder makes nobody a supervisor", async () => {
    const tree = recorded([
      { pid: 10, parent: 1, command: "/srv/gunicorn/bin/python crunch.py", ticks: 500, pages: 900 },
      { pid: 11, parent: 10, command: "/srv/gunicorn/bin/python crunch.py", ticks: 1 },
    ]);
    const chosen = await chooseByPid(10, tree);
    expect(chosen.pid).toBe(10);
    expect(chosen.notices.join(" ")).toContain("has 1 process of the same program below it");
  });

  it("trackers of multiprocessing and other programs below are no workers", async () => {
    const tree = recorded([
      { pid: 10, parent: 1, command: "python app.py" },
      {
        pid: 11,
        parent: 10,
        command: "python -c from multiprocessing.resource_tracker import main;main(3)",
        ticks: 50,
      },
      { pid: 12, parent: 10, command: "python report.py", ticks: 90 },
    ]);
    expect(await chooseByPid(10, tree)).toEqual({ pid: 10, workers: [10], notices: [] });
  });
});

describe("something that is no Python", () => {
  const TREE: readonly Recorded[] = [
    { pid: 1, parent: 0, command: "tini -- sh -c run", isPython: false },
    { pid: 7, parent: 1, command: "sh -c run", isPython: false },
    { pid: 8, parent: 7, command: "python app.py" },
  ];
  it("stands for the Python program that it started", async () => {
    expect(await chooseByPid(1, recorded(TREE))).toEqual({
      pid: 8,
      workers: [8],
      notices: ["Process 1 is no Python process; 8, which it started, is diagnosed."],
    });
    expect((await chooseDescendant(7, recorded(TREE)))?.pid).toBe(8);
  });
  it("stands for itself when there are several, or none", async () => {
    const two = recorded([...TREE, { pid: 9, parent: 7, command: "python other.py" }]);
    expect((await chooseByPid(1, two)).pid).toBe(1);
    expect((await chooseByPid(5, recorded(TREE))).pid).toBe(5);
  });
});

describe("a pattern", () => {
  const said = async (pattern: RegExp, looking: Looking): Promise<string> => {
    const chosen = await chooseByPattern(pattern, looking);
    return chosen.ok ? `${chosen.value.pid}` : chosen.error;
  };

  it("that a thousand programs match: eight are listed, and how many more", async () => {
    const thousand = Array.from({ length: 1000 }, (_, at) => ({
      pid: 1000 + at,
      parent: 1,
      command: `python job.py ${at}`,
    }));
    const text = await said(/job/, recorded(thousand));
    expect(text).toMatch(/^\/job\/ matches 1000 programs, and one can be diagnosed at a time\./);
    expect(text.split("\n").length).toBe(10);
    expect(text).toMatch(/ {2}and 992 more$/);
  });

  it("that a thousand workers of one parent match: the one that has worked most", async () => {
    const workers = Array.from({ length: 1000 }, (_, at) => ({
      pid: 1000 + at,
      parent: 50,
      command: "python job.py",
      ticks: at === 321 ? 99 : 3,
    }));
    expect(await said(/job/, recorded(workers))).toBe("1321");
  });

  it("that matches ourselves and what started us only", async () => {
    const tree = recorded([
      { pid: 880, parent: 1, command: "python ci.py deadweight diagnose --match shop" },
      { pid: 890, parent: 880, command: "sh -c deadweight diagnose --match shop", isPython: false },
      { pid: OWN_PID, parent: 890, command: "node deadweight diagnose --match shop", isPython: false },
    ]);
    expect(await said(/shop/, tree)).toMatch(/^\/shop\/ matches only what started this command/);
  });

  it("that nothing matches, or nothing that can be read", async () => {
    const tree = recorded([{ pid: 10, parent: 1, command: "nginx shop", isPython: false }]);
    expect(await said(/absent/, tree)).toMatch(/^no process of yours has a command line that matches \/absent\//);
    expect(await said(/shop/, tree)).toMatch(
      /^the process that matches \/shop\/ is no Python process that can be read/,
    );
  });
});
