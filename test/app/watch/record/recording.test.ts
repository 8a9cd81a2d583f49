// A watch that is recorded, shown again and diagnosed; a disk that is full; history that is thinned.

import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { diagnoseRecording } from "../../../../src/app/diagnose/diagnose-recording.ts";
import { type HistoryDatabase, openToRead, openToWrite } from "../../../../src/app/watch/record/history-database.ts";
import { readHistory } from "../../../../src/app/watch/record/read-history.ts";
import { openRecorder } from "../../../../src/app/watch/record/record-history.ts";
import { replayRecording } from "../../../../src/app/watch/record/replay-recording.ts";
import { thinHistory } from "../../../../src/app/watch/record/thin-history.ts";
import { watchFleet } from "../../../../src/app/watch/watch-fleet.ts";
import type { WatchReport } from "../../../../src/model/watch-report.ts";
import type { Addr, NodeIx } from "../../../../src/base/brand.ts";
import type { RawProcess } from "../../../../src/app/watch/outlets.ts";
import { startProcess } from "../../../capture/start-target.ts";
import { shopProcess, watchOfShop } from "../../../report/example-watches.ts";
import { findInterpreters } from "../../../support/interpreters.ts";

const LEAKING = `import time
class Session:
    def __init__(self, number):
        self.number = number
REGISTRY = {}
print("ready", flush=True)
number = 0
while True:
    for _ in range(20):
        number += 1
        REGISTRY[number] = Session(number)
    time.sleep(0.02)
`;
const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "dw-record-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe("a recording of a real process", () => {
  it("is shown again as it was, and diagnosed to the line", async () => {
    const place = folder();
    const file = join(place, "shop.dwrec");
    const program = join(place, "shop.py");
    writeFileSync(program, LEAKING);
    await using target = await startProcess(findInterpreters().at(-1)!.path, [program]);
    const live = await recorded(target.pid, file, place);
    expect(existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0).toBe(0);

    const replay = await replayRecording({ file, speed: 1, reportEveryMs: 1000, isWatched: false });
    if (!replay.ok) throw new Error(replay.error.message);
    const shown: WatchReport[] = [];
    for await (const report of replay.value.reports()) shown.push(report);
    const [holder] = shown.at(-1)!.processes[0]!.holders;
    expect(holder!.path).toBe("sys.modules['__main__'].REGISTRY");
    expect(holder!.now).toBeLessThanOrEqual(live.processes[0]!.holders[0]!.now);
    expect(holder!.now).toBeGreaterThan(holder!.first);
    expect(replay.value.heapOf(target.pid)).toMatch(/\.dwsnap$/);

    const diagnosis = await diagnoseRecording({ file, pid: null, toolVersion: "1.2.3", progress: () => undefined });
    if (!diagnosis.ok) throw new Error(diagnosis.error.message);
    const [leak] = diagnosis.value.leaks;
    expect(leak!.holder.path).toBe("sys.modules['__main__'].REGISTRY");
    expect(leak!.sites[0]).toMatchObject({ file: program, line: 11 });
    expect(diagnosis.value.window.snapshots).toBe(2);
  }, 120_000);
});

/** Watches for some seconds; the last report. */
async function recorded(pid: number, file: string, place: string): Promise<WatchReport> {
  const session = await watchFleet({
    target: { kind: "pid", pid, alone: true },
    samplesPerSecond: 10,
    reportEveryMs: 1000,
    forSeconds: 12,
    load: null,
    maxPauseMs: 60_000,
    shelf: { folder: join(place, "snapshots"), mostFiles: 20, mostBytes: 2 ** 30 },
    snapshotAt: [],
    record: { file, keepSeconds: 86_400, gapMs: 500 },
    metrics: null,
    otlp: null,
    toolVersion: "1.2.3",
  });
  if (!session.ok) throw new Error(session.error.message);
  await using watch = session.value;
  let last: WatchReport | null = null;
  for await (const report of watch.reports()) last = report;
  return last!;
}

const RAW: RawProcess = {
  startTicks: 7,
  folder: "/srv",
  takeSample: () => ({
    atMs: 0,
    rssBytes: 530 * MIB,
    anonBytes: 500 * MIB,
    fileBytes: 28 * MIB,
    shmemBytes: 2 * MIB,
    swapBytes: 0,
    threads: 12,
    cpuSeconds: 1,
    pssBytes: null,
    descriptors: null,
    group: null,
    collector: null,
    allocator: null,
    load: null,
  }),
  gaugeAt: (address) => ({
    kind: "dict",
    address: Number(address) as Addr,
    typeAddress: 0x1000 as Addr,
    node: 0 as NodeIx,
    entries: 0,
    bound: null,
    boundAt: null,
  }),
};

const reportWith = (entries: number): WatchReport => ({
  ...watchOfShop,
  processes: [{ ...shopProcess, holders: [{ ...shopProcess.holders[0]!, now: entries }] }],
});

describe("trouble", () => {
  it("a full disk is said once, and what was recorded stays", async () => {
    const file = join(folder(), "full.dwrec");
    const opened = await openRecorder({ file, keepSeconds: 86_400, mostBytes: 128 * 1024, gapMs: 0 });
    if (!opened.ok) throw new Error(opened.error.message);
    const said: string[] = [];
    for (let at = 0; at < 2000; at++) {
      const events = [`event ${at} ${"x".repeat(200)}`];
      said.push(...(await opened.value.take({ ...reportWith(at), events }, () => RAW)));
    }
    expect(said).toEqual([
      `The recording stopped, the watch goes on: ${file} could not be written, since the disk, or the room given to the recording, is full. What was recorded before is kept.`,
    ]);
    await opened.value.close();
    const read = await readHistory(file);
    expect(read.ok && read.value.processes[0]!.samples.length).toBeGreaterThan(0);
    expect(statSync(file).size).toBeLessThanOrEqual(128 * 1024);
  });

  it.each([
    ["no recording", "a text, and no database at all ".repeat(100), /it is no recording; name another file/],
    ["not there", null, /There is no recording/],
  ])("%s is said", async (_, content, sentence) => {
    const file = join(folder(), "a.dwrec");
    if (content !== null) writeFileSync(file, content);
    expect(await readHistory(file)).toMatchObject({ ok: false, error: { message: expect.stringMatching(sentence) } });
  });

  it("a folder that is not there is said before the watch begins", async () => {
    const opened = await openRecorder({ file: join(folder(), "none", "a.dwrec"), keepSeconds: 1 });
    expect(opened).toMatchObject({ ok: false, error: { message: expect.stringMatching(/does its folder exist/) } });
  });

  it("a recording without two snapshots cannot be diagnosed, and says what to do", async () => {
    const file = join(folder(), "a.dwrec");
    const opened = await openRecorder({ file, keepSeconds: 86_400, gapMs: 0 });
    if (!opened.ok) throw new Error(opened.error.message);
    await opened.value.take(reportWith(1), () => RAW);
    await opened.value.close();
    const diagnosed = await diagnoseRecording({ file, pid: null, toolVersion: "1", progress: () => undefined });
    expect(diagnosed).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/has 0 readable snapshots of process 4711.*growth is named from two/) },
    });
  });
});

it("a clock that was set back changes nothing: moments ascend over several watches", async () => {
  const file = join(folder(), "a.dwrec");
  for (let watch = 0; watch < 3; watch++) {
    const opened = await openRecorder({ file, keepSeconds: 1e9, gapMs: 0 });
    if (!opened.ok) throw new Error(opened.error.message);
    await opened.value.take(reportWith(watch), () => RAW);
    await opened.value.close();
    // As if the recording had begun in the future.
    const database = await writable(file);
    database.prepare("UPDATE meta SET value = ? WHERE key = 'begun_ms'").run(String(Date.now() + 10 * HOUR_MS));
    database.close();
  }
  const read = await readHistory(file);
  if (!read.ok) throw new Error(read.error.message);
  const times = read.value.processes[0]!.samples.map(({ atMs }) => atMs);
  expect(times).toHaveLength(3);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

async function writable(file: string): Promise<HistoryDatabase> {
  const opened = await openToWrite(file, 64 * MIB);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

describe("thinning", () => {
  const filled = async (hours: number): Promise<HistoryDatabase> => {
    const database = await writable(join(folder(), "a.dwrec"));
    database.exec("BEGIN");
    database.prepare("INSERT INTO process VALUES (1, 4711, 7, '3.12.1', '[]', NULL)").run();
    database.prepare("INSERT INTO holder VALUES (1, 1, 1, 1, 'dict', 'f', 'p', 'cache', 'dict', NULL, 0)").run();
    const [sample, point] = [
      database.prepare("INSERT INTO sample VALUES (1, ?, '{}')"),
      database.prepare("INSERT INTO point VALUES (1, ?, ?, NULL, NULL)"),
    ];
    for (let ms = 0; ms < hours * HOUR_MS; ms += 20_000) {
      sample.run(ms);
      point.run(ms, ms);
    }
    database.exec("COMMIT");
    return database;
  };
  const times = (database: HistoryDatabase): number[] =>
    (database.prepare("SELECT at_ms FROM point ORDER BY at_ms").all() as { at_ms: number }[]).map(({ at_ms }) => at_ms);

  it("keeps the last hour whole, a day by the minute, the rest by ten minutes", async () => {
    const database = await filled(48);
    thinHistory(database, 48 * HOUR_MS, { keepMs: 1e12, mostBytes: 1e12 });
    const kept = times(database);
    const between = (from: number, to: number): number =>
      kept.filter((ms) => ms >= from * HOUR_MS && ms < to * HOUR_MS).length;
    expect([between(47, 48), between(24, 47), between(0, 24)]).toEqual([180, 23 * 60, 24 * 6]);
    thinHistory(database, 48 * HOUR_MS, { keepMs: 1e12, mostBytes: 1e12 });
    expect(times(database)).toEqual(kept);
    database.close();
  });

  it("drops what is too old, and the oldest of what is too much", async () => {
    const database = await filled(48);
    thinHistory(database, 48 * HOUR_MS, { keepMs: 2 * HOUR_MS, mostBytes: 1e12 });
    expect(times(database)[0]).toBeGreaterThanOrEqual(46 * HOUR_MS);
    thinHistory(database, 48 * HOUR_MS, { keepMs: 1e12, mostBytes: 1 });
    expect(times(database)[0]).toBeGreaterThan(47 * HOUR_MS);
    database.close();
  });
});

it("a watch and a reader can have it open at the same time", async () => {
  const file = join(folder(), "a.dwrec");
  const opened = await openRecorder({ file, keepSeconds: 1e6, gapMs: 0 });
  if (!opened.ok) throw new Error(opened.error.message);
  await opened.value.take(reportWith(1), () => RAW);
  const reader = await openToRead(file);
  if (!reader.ok) throw new Error(reader.error.message);
  expect(await opened.value.take(reportWith(2), () => RAW)).toEqual([]);
  expect(reader.value.prepare("SELECT count(*) AS points FROM point").get()).toMatchObject({ points: 3 });
  reader.value.close();
  await opened.value.close();
});
