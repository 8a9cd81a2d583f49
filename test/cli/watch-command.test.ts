// `deadweight watch`: what is asked of the use case, what is printed, what keys do.

import { describe, expect, it } from "vitest";
import { pressKey } from "../../src/cli/watch/press-key.ts";
import { readKeys } from "../../src/cli/terminal/read-keys.ts";
import { FIRST_STATE, type ScreenState } from "../../src/report/watch-screen-rows.ts";
import { watchOfShop, watchOfWorkers } from "../report/example-watches.ts";
import { strictValidator } from "../report/strict-schema.ts";
import { failing, run } from "./fake-world.ts";

const ASKED = {
  samplesPerSecond: 2,
  reportEveryMs: 5000,
  forSeconds: null,
  load: null,
  maxPauseMs: 5000,
  shelf: { folder: "deadweight-snapshots", mostFiles: 20, mostBytes: 2 ** 31 },
  snapshotAt: [],
  record: null,
  metrics: null,
  otlp: null,
  toolVersion: "1.2.3",
};

describe("what is watched", () => {
  it.each([
    [["4711"], { kind: "pid", pid: 4711, alone: false }],
    [["4711", "--alone"], { kind: "pid", pid: 4711, alone: true }],
    [["--match", "gunicorn.*shop"], { kind: "match", pattern: /gunicorn.*shop/ }],
  ])("%j", async (words, target) => {
    const { code, calls } = await run(["watch", ...words]);
    expect([code, calls]).toEqual([0, [{ action: "watch", given: [{ ...ASKED, target }] }]]);
  });

  it.each([
    [[], "which process? Give a PID, --match REGEX, or --replay FILE"],
    [["4711", "--match", "x"], "give a PID or --match, not both"],
    [["--match", "("], "--match is no regular expression"],
    [["4711", "--snapshot-at", "soon"], "--snapshot-at: 'soon' is no moment for a snapshot"],
    [["4711", "--most-bytes", "much"], "--most-bytes needs a size, as 512MiB or 2GiB, not 'much'"],
  ])("refuses %j", async (words, sentence) => {
    const { code, stderr, calls } = await run(["watch", ...words]);
    expect([code, calls]).toEqual([2, []]);
    expect(stderr()).toContain(sentence);
  });
});

describe("what is kept", () => {
  it.each([
    [["--record", "/var/a.dwrec"], { record: { file: "/var/a.dwrec", keepSeconds: 1_209_600 } }],
    [["--record", "/var/a.dwrec"], { shelf: { ...ASKED.shelf, folder: "/var/deadweight-snapshots" } }],
    [["--record", "/var/a.dwrec"], { snapshotAt: [{ kind: "growth" }] }],
    [["--record", "a", "--keep", "2d"], { record: { file: "a", keepSeconds: 172_800 } }],
    [
      ["--snapshot-at", "80%,pressure"],
      {
        snapshotAt: [
          { kind: "share", share: 0.8 },
          { kind: "pressure", percent: 10 },
        ],
      },
    ],
    [
      ["--folder", "heaps", "--most-snapshots", "3", "--most-bytes", "1GiB"],
      { shelf: { folder: "heaps", mostFiles: 3, mostBytes: 2 ** 30 } },
    ],
  ])("%j", async (words, asked) => {
    const { calls } = await run(["watch", "4711", ...words]);
    expect(calls[0]?.given[0]).toMatchObject(asked);
  });

  it("is shown again, and diagnosed", async () => {
    const replayed = await run(["watch", "--replay", "a.dwrec", "--speed", "10"]);
    expect(replayed.calls).toEqual([
      { action: "replay", given: [{ file: "a.dwrec", speed: 10, isWatched: false, reportEveryMs: 5000 }] },
    ]);
    const diagnosed = await run(["diagnose", "--recording", "a.dwrec", "4711"]);
    expect(diagnosed.calls).toEqual([
      { action: "diagnoseRecording", given: [{ file: "a.dwrec", pid: 4711, toolVersion: "1.2.3" }] },
    ]);
    expect(diagnosed.code).toBe(1);
    expect((await run(["diagnose", "--recording", "a.dwrec", "--match", "x"])).code).toBe(2);
  });
});

describe("what is printed", () => {
  it("lines, then how it ended", async () => {
    const { stdout, stderr } = await run(["watch", "4711"]);
    expect(stdout().trimEnd().split("\n")).toHaveLength(1);
    expect(stdout()).toContain("sys.modules['app.sessions'].REGISTRY 83,114 entries, +10/s, unbroken");
    expect(stderr()).toContain("Nothing is left to watch. Watched for 3 min 25 s; resident memory: no change.");
  });
  it("a document per line with --json", async () => {
    const { stdout } = await run(["watch", "4711", "--json"]);
    const documents = stdout()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(documents).toHaveLength(2);
    for (const document of documents) expect(strictValidator("watch")(document)).toEqual([]);
  });
  it("a sentence and 2 when it cannot be done", async () => {
    const { code, stderr } = await run(["watch", "4711"], { actions: { watch: failing } });
    expect(code).toBe(2);
    expect(stderr()).toContain("There is no process 4711.");
  });
});

describe("keys", () => {
  const press = (text: string, report = watchOfShop, from: ScreenState = FIRST_STATE): ReturnType<typeof pressKey> =>
    readKeys(text).reduce(({ state }, key) => pressKey(key, state, report), {
      state: from,
      act: { kind: "none" },
    } as ReturnType<typeof pressKey>);
  it.each([
    ["q", { kind: "quit" }],
    ["\u0003", { kind: "quit" }],
    ["/abc\u0003", { kind: "quit" }],
    ["p", { kind: "snapshot", pid: 4711 }],
    ["d", { kind: "diagnose", pid: 4711 }],
    ["?q", { kind: "quit" }],
    ["?x", { kind: "none" }],
  ])("%j does %j", (text, act) => expect(press(text).act).toEqual(act));

  it("select, and open what is selected", () => {
    expect(press("\r").act).toMatchObject({ kind: "why", row: { path: "sys.modules['app.sessions'].REGISTRY" } });
    expect(press("\u001b[B\u001b[B\r").act).toMatchObject({
      kind: "why",
      row: { path: "sys.modules['app.views'].RECENT" },
    });
  });
  it("filter while typing: letters are letters", () => {
    expect(press("/quit").state).toMatchObject({ filter: "quit", isTyping: true });
    expect(press("/qu\u007f\r").state).toMatchObject({ filter: "q", isTyping: false });
    expect(press("/qu\u001b").state).toMatchObject({ filter: "", isTyping: false });
  });
  it("sort, freeze, go through workers", () => {
    expect(press("ss").state.sort).toBe("entries");
    expect(press("f").state.isFrozen).toBe(true);
    expect(press("\t\t", watchOfWorkers).state.focus).toBe(4712);
    expect(press("\t\t\t\t\t", watchOfWorkers).state.focus).toBeNull();
  });
  it("steer a recording, and take no snapshot of it", () => {
    const replayed = { ...FIRST_STATE, replay: { seconds: 0, totalSeconds: 10, speed: 1 } };
    expect(press(" ", watchOfShop, replayed).act).toEqual({ kind: "pause" });
    expect(press(">", watchOfShop, replayed).act).toEqual({ kind: "pace", factor: 2 });
    expect(press("\u001b[D", watchOfShop, replayed).act).toEqual({ kind: "seek", seconds: -60 });
    expect(press("p", watchOfShop, replayed).act).toEqual({ kind: "none" });
  });
});
