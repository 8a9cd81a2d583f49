// What each command asks of the use cases, where its output goes, and how it ends.

import { describe, expect, it } from "vitest";
import { InternalError } from "../../src/base/invariant.ts";
import { fail, ok } from "../../src/base/result.ts";
import { OutputError } from "../../src/cli/world.ts";
import { diffText } from "../../src/report/diff-text.ts";
import { strictValidator } from "../report/strict-schema.ts";
import { diffOfEight, diffOfTwo } from "../report/example-diffs.ts";
import { doctorOfMachine, doctorOfRefused } from "../report/example-doctors.ts";
import { snapshotOfShop, topOfShop, whyOneSession } from "../report/example-reports.ts";
import { failing, NO_SUCH_PROCESS, run } from "./fake-world.ts";

const READING = { maxPauseMs: 5000, values: false };

describe("doctor", () => {
  it("examines the process", async () => {
    const { code, calls, stdout } = await run(["doctor", "4711"]);
    expect([code, calls]).toEqual([0, [{ action: "examineTarget", given: [4711] }]]);
    expect(stdout()).toContain("Process 4711 can be read.");
  });
  it("examines the machine without a PID", async () => {
    const { calls } = await run(["doctor"]);
    expect(calls).toEqual([{ action: "examineTarget", given: [null] }]);
  });
  it("ends with 1 when the process cannot be read", async () => {
    expect((await run(["doctor", "4711"], { actions: { examineTarget: async () => doctorOfRefused } })).code).toBe(1);
  });
  it("ends with 2 when there is no such process", async () => {
    const problem = { name: "process", status: "problem", seen: "no such process", advice: "Look again." } as const;
    const dead = { ...doctorOfRefused, checks: [problem] };
    expect((await run(["doctor", "4711"], { actions: { examineTarget: async () => dead } })).code).toBe(2);
  });
  it("ends with 1 when the machine has a problem", async () => {
    const checks = doctorOfRefused.checks;
    expect(
      (await run(["doctor"], { actions: { examineTarget: async () => ({ ...doctorOfMachine, checks }) } })).code,
    ).toBe(1);
  });
  it("wants a process id", async () => {
    const { code, stderr, calls } = await run(["doctor", "gunicorn"]);
    expect([code, stderr(), calls]).toEqual([2, "deadweight: PID must be a process id, not 'gunicorn'\n", []]);
  });
});

describe("snapshot", () => {
  it("names the file itself when nobody did, and says which", async () => {
    const { code, calls, stdout } = await run(["snapshot", "4711"]);
    const file = "deadweight-4711-20261121-013005.dwsnap";
    expect([code, calls]).toEqual([0, [{ action: "takeSnapshot", given: ["4711", file, READING] }]]);
    expect(stdout()).toContain(`Wrote ${file}`);
  });
  it("names the snapshot of a core file too", async () => {
    const { calls } = await run([
      "snapshot",
      "/var/crash/core.4711.zst",
      "--executable",
      "/opt/python3.11",
      "--sysroot",
      "/srv/image",
    ]);
    const file = "deadweight-core-20261121-013005.dwsnap";
    expect(calls).toEqual([
      {
        action: "takeSnapshot",
        given: ["/var/crash/core.4711.zst", file, { ...READING, executable: "/opt/python3.11", sysroot: "/srv/image" }],
      },
    ]);
  });
  it("passes its options on, the pause in milliseconds", async () => {
    const { calls } = await run(["snapshot", "4711", "-o", "a.dwsnap", "--values", "--max-pause", "0.25"]);
    expect(calls).toEqual([{ action: "takeSnapshot", given: ["4711", "a.dwsnap", { maxPauseMs: 250, values: true }] }]);
  });
  it("does not overwrite", async () => {
    const { code, calls, stderr, stdout } = await run(["snapshot", "4711", "-o", "a.dwsnap"], {
      existing: ["a.dwsnap"],
    });
    expect([code, calls, stdout()]).toEqual([2, [], ""]);
    expect(stderr()).toMatch(/^deadweight: a\.dwsnap exists already.*--force/);
  });
  it("overwrites when told to", async () => {
    const { code, calls } = await run(["snapshot", "4711", "-o", "a.dwsnap", "--force"], { existing: ["a.dwsnap"] });
    expect([code, calls.length]).toEqual([0, 1]);
  });
});

describe("top", () => {
  it("reads the source and shows it", async () => {
    const { code, calls, stdout } = await run(["top", "a.dwsnap", "--limit", "3"]);
    expect(code).toBe(0);
    expect(calls).toEqual([
      { action: "openHeap", given: ["a.dwsnap", READING] },
      { action: "top", given: [{ limit: 3 }] },
    ]);
    expect(stdout()).toContain("deadweight why a.dwsnap \"sys.modules['shop.sessions'].REGISTRY\"");
  });
});

describe("why", () => {
  it("asks for what the selector picks", async () => {
    const { code, calls } = await run(["why", "4711", "app.sessions.REGISTRY", "--paths", "9"]);
    expect(code).toBe(0);
    expect(calls.at(-1)).toEqual({
      action: "why",
      given: [
        { kind: "text", text: "app.sessions.REGISTRY" },
        { limit: 5, paths: 9 },
      ],
    });
  });
  it("asks for the largest", async () => {
    const { calls } = await run(["why", "4711", "--largest", "3"]);
    expect(calls.at(-1)).toEqual({
      action: "why",
      given: [
        { kind: "largest", count: 3 },
        { limit: 5, paths: 3 },
      ],
    });
  });
  it.each([[["why", "4711"]], [["why", "4711", "Session", "--largest", "3"]]])(
    "%j asks for neither or both",
    async (argv) => {
      const { code, calls, stderr } = await run(argv);
      expect([code, calls]).toEqual([2, []]);
      expect(stderr()).toContain("either a SELECTOR or --largest N");
    },
  );
  it("ends with 2 when the selector picks nothing", async () => {
    const picksNothing = async () =>
      ok({ top: () => topOfShop, why: () => fail({ code: "no-match", message: "Nothing is called Sesion." }) });
    const { code, stderr, stdout } = await run(["why", "4711", "Sesion"], { actions: { openHeap: picksNothing } });
    expect([code, stderr(), stdout()]).toEqual([2, "deadweight: Nothing is called Sesion.\n", ""]);
  });
});

describe("diff", () => {
  it("compares in the order given", async () => {
    const { code, calls } = await run(["diff", "c", "a", "b"]);
    expect([code, calls]).toEqual([0, [{ action: "diff", given: [["c", "a", "b"], READING, { limit: 10 }] }]]);
  });
  it("ends with 1 when something keeps growing", async () => {
    expect((await run(["diff", "a", "b"], { actions: { diff: async () => ok(diffOfEight) } })).code).toBe(1);
  });
  it("ends with 0 when only a type keeps growing: a type is no place to mend", async () => {
    expect(
      (await run(["diff", "a", "b"], { actions: { diff: async () => ok({ ...diffOfEight, holders: [] }) } })).code,
    ).toBe(0);
  });
  it("wants two", async () => {
    const { code, stderr } = await run(["diff", "a"]);
    expect([code, stderr()]).toEqual([
      2,
      "deadweight: FILE is missing; usage: deadweight diff FILE FILE [FILE...] [options]\n",
    ]);
  });
});

describe("--json", () => {
  it.each([
    [["snapshot", "4711", "-o", snapshotOfShop.file], snapshotOfShop],
    [["top", "4711"], topOfShop],
    [["why", "4711", "Session"], whyOneSession],
    [["diff", "a", "b"], diffOfTwo],
  ])("%j prints the report and nothing else", async (argv, report) => {
    const { stdout, stderr } = await run([...argv, "--json"], { terminal: 80 });
    expect(JSON.parse(stdout())).toEqual(report);
    expect(stderr()).toBe("");
  });
  it.each([
    [["snapshot", "4711"], { takeSnapshot: failing }],
    [["top", "4711"], { openHeap: failing }],
    [["why", "4711", "Session"], { openHeap: failing }],
    [["diff", "a", "b"], { diff: failing }],
  ])(
    "%j prints the error as a document, and the sentence on stderr, when it could not be done",
    async (argv, actions) => {
      const { code, stdout, stderr } = await run([...argv, "--json"], { actions });
      const document: unknown = JSON.parse(stdout());
      expect([code, document, stderr()]).toEqual([
        2,
        { schema: "deadweight/error@1", error: NO_SUCH_PROCESS },
        `deadweight: ${NO_SUCH_PROCESS.message}\n`,
      ]);
      expect(strictValidator("error")(document)).toEqual([]);
    },
  );
  it.each([
    [["tpo", "--json"], 2, "usage"],
    [["top", "--json"], 2, "usage"],
    [["why", "4711", "--json"], 2, "usage"],
  ])("%j: a wrong command line is a document too", async (argv, code, name) => {
    const { code: ended, stdout } = await run(argv);
    expect([ended, JSON.parse(stdout())]).toEqual([
      code,
      expect.objectContaining({ error: expect.objectContaining({ code: name }) }),
    ]);
  });
  it("prints a bug of ours as a document, with the code 70", async () => {
    const { code, stdout } = await run(["top", "4711", "--json"], {
      actions: { openHeap: () => Promise.reject(new Error("odd")) },
    });
    expect([code, JSON.parse(stdout())]).toMatchObject([70, { error: { code: "internal-error" } }]);
  });
  it("is there for completion too", async () => {
    const { stdout } = await run(["completion", "fish", "--json"]);
    expect(JSON.parse(stdout())).toMatchObject({ schema: "deadweight/completion@1", shell: "fish" });
  });
});

describe("expected failures", () => {
  it.each([
    [["snapshot", "4711"], { takeSnapshot: failing }],
    [["top", "4711"], { openHeap: failing }],
    [["why", "4711", "Session"], { openHeap: failing }],
    [["diff", "a", "b"], { diff: failing }],
  ])("%j: the sentence on stderr, exit 2, no stack", async (argv, actions) => {
    const { code, stdout, stderr } = await run(argv, { actions });
    expect([code, stdout(), stderr()]).toEqual([2, "", `deadweight: ${NO_SUCH_PROCESS.message}\n`]);
  });

  it("are wrapped on a terminal, but for command lines to copy", async () => {
    const message = `${"word ".repeat(30).trim()}\n    sudo env ${"A=1 ".repeat(30).trim()} deadweight top 4711`;
    const { stderr } = await run(["top", "1"], {
      terminal: 70,
      actions: { openHeap: async () => fail({ code: "permission", message }) },
    });
    const lines = stderr().trimEnd().split("\n");
    expect(lines.at(-1)).toBe(message.split("\n")[1]);
    expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThanOrEqual(70);
  });

  it("cannot carry terminal escapes", async () => {
    const { stderr } = await run(["top", "1"], {
      actions: { openHeap: async () => fail({ code: "x", message: "file \u001b[2J\u202ename" }) },
    });
    expect(stderr()).toBe("deadweight: file \\x1b[2J\\u202ename\n");
  });
});

describe("our bugs", () => {
  const broken = { openHeap: () => Promise.reject(new InternalError("internal: edge out of range")) };

  it("end with 70 and say how to report them, without a stack", async () => {
    const { code, stdout, stderr } = await run(["top", "4711"], { actions: broken });
    expect([code, stdout()]).toEqual([70, ""]);
    expect(stderr()).toContain("internal: edge out of range\nThis is a bug in deadweight");
    expect(stderr()).toContain("deadweight 1.2.3, node v");
    expect(stderr()).not.toContain("    at ");
  });
  it("show the stack with DEADWEIGHT_DEBUG=1", async () => {
    const { code, stderr } = await run(["top", "4711"], { actions: broken, environment: { DEADWEIGHT_DEBUG: "1" } });
    expect(code).toBe(70);
    expect(stderr()).toContain("    at ");
  });
  it("are no less bugs when they are no errors", async () => {
    const { code, stderr } = await run(["top", "4711"], { actions: { openHeap: () => Promise.reject("odd") } });
    expect([code, stderr().split("\n")[0]]).toEqual([70, "deadweight: odd"]);
  });
  it("do not include memory that the system refuses", async () => {
    const refused = { openHeap: () => Promise.reject(new RangeError("Array buffer allocation failed")) };
    const { code, stderr } = await run(["top", "4711"], { actions: refused });
    expect([code, stderr()]).toEqual([2, expect.stringContaining("The system refused memory")]);
  });
  it("do not include a full disk", async () => {
    const full = { openHeap: () => Promise.reject(new OutputError("the output could not be written (ENOSPC)")) };
    expect((await run(["top", "4711"], { actions: full })).code).toBe(2);
  });
});

describe("the terminal", () => {
  const colour = "\u001b[";
  it("gets colours and its own width", async () => {
    const { stdout } = await run(["diff", "a", "b"], { terminal: 100 });
    expect(stdout()).toBe(diffText(diffOfTwo, { width: 100, colours: true }));
  });
  it.each([
    ["NO_COLOR", { NO_COLOR: "1" }, false],
    ["an empty NO_COLOR", { NO_COLOR: "" }, true],
    ["a dumb terminal", { TERM: "dumb" }, false],
  ])("with %s", async (_, environment, coloured) => {
    const { stdout } = await run(["diff", "a", "b"], { terminal: 100, environment });
    expect(stdout().includes(colour)).toBe(coloured);
  });
  it("is 80 wide and plain when it is none", async () => {
    expect((await run(["diff", "a", "b"])).stdout()).toBe(diffText(diffOfTwo, { width: 80, colours: false }));
  });
  it("is as wide as COLUMNS says when it is none", async () => {
    expect((await run(["diff", "a", "b"], { environment: { COLUMNS: "132" } })).stdout()).toBe(
      diffText(diffOfTwo, { width: 132, colours: false }),
    );
  });
});
