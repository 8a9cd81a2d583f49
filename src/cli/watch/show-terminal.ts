// A watch on a terminal: reports come from the session, keys from the person, and each of them draws the screen anew.

import { setTimeout as delay } from "node:timers/promises";
import type { WatchReport } from "../../model/watch-report.ts";
import { diagnosisText } from "../../report/diagnosis-text.ts";
import { FIRST_STATE, type ScreenPage, type ScreenRow, type ScreenState } from "../../report/watch-screen-rows.ts";
import { latestNews, type News } from "../../report/latest-news.ts";
import { watchScreen } from "../../report/watch-screen.ts";
import { span } from "../../report/text-style.ts";
import { whyText } from "../../report/why-text.ts";
import type { WatchSession } from "../actions.ts";
import { printMessage } from "../print-report.ts";
import { FullScreen } from "../terminal/full-screen.ts";
import { readKeys } from "../terminal/read-keys.ts";
import type { TerminalDevice } from "../terminal/terminal-device.ts";
import { styleOf, type World } from "../world.ts";
import { type KeyAct, pressKey } from "./press-key.ts";

export interface ScreenOptions {
  readonly terminal: TerminalDevice;
  readonly world: World;
  readonly maxPauseMs: number;
}

/** What is on the screen, and what made it. */
interface Showing {
  readonly session: WatchSession;
  readonly options: ScreenOptions;
  readonly screen: FullScreen;
  readonly stop: AbortController;
  state: ScreenState;
  report: WatchReport | null;
  /** Of reports that were not looked at since: a snapshot that was taken a second ago is still news. */
  news: readonly News[];
  /** On the clock of the watch, also while the picture is frozen. */
  nowSeconds: number;
  isBusy: boolean;
  /** Called when a page is closed, or the person quits. */
  onPageClosed: () => void;
}

const DIAGNOSED_SECONDS = 30;
const MOST_EVENTS = 20;

/** Ends when the session does, or when the person quits. What was kept is said on the shell's screen. */
export async function showTerminal(session: WatchSession, options: ScreenOptions): Promise<void> {
  const { terminal, world } = options;
  const sentence = await (async () => {
    const { colours } = styleOf(world.out, world.environment);
    using screen = new FullScreen(terminal, colours, world.whenInterrupted);
    const stop = new AbortController();
    const showing: Showing = {
      session,
      options,
      screen,
      stop,
      state: FIRST_STATE,
      report: null,
      news: [],
      nowSeconds: 0,
      isBusy: false,
      onPageClosed: () => undefined,
    };
    using _keys = terminal.listen({
      onKeys: (text) => onKeys(showing, text),
      onResize: () => draw(showing),
      onContinue: () => redraw(showing),
    });
    draw(showing);
    const ended = await showReports(showing);
    await pageIsRead(showing);
    stop.abort();
    return ended;
  })();
  if (sentence !== "") await printMessage(sentence, world);
}

async function showReports(showing: Showing): Promise<string> {
  const reports = showing.session.reports();
  for (;;) {
    const next = await reports.next();
    if (next.done === true) return next.value.sentence;
    const { events, seconds } = next.value;
    showing.nowSeconds = seconds;
    showing.news = [...showing.news, ...events.map((text) => ({ text, atSeconds: seconds }))].slice(-MOST_EVENTS);
    if (!showing.state.isFrozen) showing.report = next.value;
    draw(showing);
  }
}

/** A process that ends does not take the page away that somebody reads. */
function pageIsRead(showing: Showing): Promise<void> {
  const { page } = showing.state;
  if (page === null || showing.stop.signal.aborted) return Promise.resolve();
  const title = `${page.title} (the watch has ended)`;
  showing.state = { ...showing.state, page: { ...page, title } };
  draw(showing);
  return new Promise((resolve) => {
    showing.onPageClosed = resolve;
  });
}

function draw({ screen, report, state, news, nowSeconds, session, options: { terminal } }: Showing): void {
  const { replay } = session;
  const position = replay === null ? null : { ...replay.position(), speed: replay.speed() };
  const now = { ...state, replay: position };
  if (report === null) screen.draw([[span(" deadweight watch: waiting for the first sample", "faint")]]);
  else {
    const latest = latestNews(news, nowSeconds);
    screen.draw(watchScreen({ ...report, events: latest === null ? [] : [latest] }, now, terminal.size()));
  }
}

function redraw(showing: Showing): void {
  showing.screen.enter();
  draw(showing);
}

function onKeys(showing: Showing, text: string): void {
  for (const key of readKeys(text)) {
    const isReplay = showing.session.replay !== null;
    const before = { ...showing.state, replay: isReplay ? { seconds: 0, totalSeconds: 0, speed: 0 } : null };
    const { state, act } = pressKey(key, before, showing.report);
    showing.state = state;
    if (act.kind !== "none") void perform(showing, act);
  }
  if (showing.state.page === null) showing.onPageClosed();
  draw(showing);
}

/** Never rejects: what goes wrong is a notice. */
async function perform(showing: Showing, act: Exclude<KeyAct, { readonly kind: "none" }>): Promise<void> {
  const { session } = showing;
  switch (act.kind) {
    case "quit":
      session.end();
      showing.stop.abort();
      showing.onPageClosed();
      return;
    case "redraw":
      redraw(showing);
      return;
    case "suspend":
      showing.screen.leave();
      showing.options.terminal.suspend();
      return;
    case "pace":
    case "pause":
    case "seek":
      steer(showing, act);
      return;
    case "why":
    case "snapshot":
    case "diagnose":
      if (showing.isBusy) {
        notify(showing, "something is under way; wait until it is done");
        return;
      }
      showing.isBusy = true;
      try {
        await ask(showing, act);
      } catch (error) {
        notify(showing, error instanceof Error ? error.message : String(error));
      } finally {
        showing.isBusy = false;
      }
  }
}

type Question = Extract<KeyAct, { readonly kind: "why" | "snapshot" | "diagnose" }>;

async function ask(showing: Showing, act: Question): Promise<void> {
  switch (act.kind) {
    case "why":
      return await openWhy(showing, act.row);
    case "snapshot": {
      const taken = await showing.session.snapshot(act.pid, "a person asked for it");
      return notify(showing, taken.ok ? `snapshot: ${taken.value}` : taken.error.message);
    }
    case "diagnose":
      return await openDiagnosis(showing, act.pid);
  }
}

const FASTEST = 86_400;

function steer(showing: Showing, act: Extract<KeyAct, { readonly kind: "pace" | "pause" | "seek" }>): void {
  const { replay } = showing.session;
  if (replay === null) return;
  if (act.kind === "seek") replay.seek(act.seconds);
  else if (act.kind === "pause") replay.setSpeed(replay.speed() === 0 ? 1 : 0);
  else replay.setSpeed(Math.min(FASTEST, Math.max(1, Math.round(replay.speed() * act.factor))));
  showing.session.hurry();
}

function notify(showing: Showing, notice: string): void {
  showing.state = { ...showing.state, notice };
  draw(showing);
}

async function openWhy(showing: Showing, { pid, address, path }: ScreenRow): Promise<void> {
  const { session, options } = showing;
  const source = session.heapOf(pid);
  if (source === null) return notify(showing, `process ${pid} is there no more, and no snapshot of it was kept`);
  notify(showing, `reading the heap of ${source}`);
  // The notice is seen before the reader, which waits for nobody, begins.
  await delay(20);
  const reading = { maxPauseMs: options.maxPauseMs, values: false, progress: () => undefined };
  const heap = await options.world.actions.openHeap(source, reading);
  if (!heap.ok) return notify(showing, heap.error.message);
  const byAddress = heap.value.why({ kind: "text", text: address }, { limit: 1, paths: 3 });
  const report = byAddress.ok ? byAddress : heap.value.why({ kind: "text", text: path }, { limit: 1, paths: 3 });
  if (!report.ok) return notify(showing, report.error.message);
  open(showing, `why ${path}`, whyText(report.value, pageStyle(showing)));
}

async function openDiagnosis(showing: Showing, pid: number): Promise<void> {
  const { options, stop } = showing;
  notify(showing, `diagnosing process ${pid} for ${DIAGNOSED_SECONDS} seconds; the watch goes on meanwhile`);
  const report = await options.world.actions.diagnose({
    target: { kind: "pid", pid },
    forSeconds: DIAGNOSED_SECONDS,
    samplesPerSecond: 4,
    snapshots: null,
    load: null,
    keepFolder: null,
    compareFile: null,
    maxPauseMs: options.maxPauseMs,
    toolVersion: options.world.version,
    progress: () => undefined,
    signal: stop.signal,
  });
  if (stop.signal.aborted) return;
  if (!report.ok) return notify(showing, report.error.message);
  open(showing, `diagnosis of process ${pid}`, diagnosisText(report.value, pageStyle(showing)));
}

function pageStyle({ options: { terminal } }: Showing): { readonly width: number; readonly colours: boolean } {
  return { width: Math.max(60, terminal.size().columns - 1), colours: false };
}

function open(showing: Showing, title: string, text: string): void {
  const page: ScreenPage = { title, lines: text.trimEnd().split("\n"), offset: 0 };
  showing.state = { ...showing.state, page, notice: "" };
  draw(showing);
}
