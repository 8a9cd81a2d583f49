// What a key does to the terminal view: another state, and sometimes something to do.

import type { WatchReport } from "../../model/watch-report.ts";
import {
  chosenRows,
  type ScreenRow,
  type ScreenState,
  selectedIndex,
  SORT_KEYS,
  SORTS,
} from "../../report/watch-screen-rows.ts";
import type { Key } from "../terminal/read-keys.ts";
import { helpPage } from "./help-page.ts";

export type KeyAct =
  | { readonly kind: "none" }
  | { readonly kind: "quit" }
  | { readonly kind: "redraw" }
  | { readonly kind: "suspend" }
  | { readonly kind: "why"; readonly row: ScreenRow }
  | { readonly kind: "snapshot"; readonly pid: number }
  | { readonly kind: "diagnose"; readonly pid: number }
  | { readonly kind: "pace"; readonly factor: number }
  | { readonly kind: "pause" }
  | { readonly kind: "seek"; readonly seconds: number };

export interface Pressed {
  readonly state: ScreenState;
  readonly act: KeyAct;
}

const NONE: KeyAct = { kind: "none" };
const PAGE_ROWS = 10;
/** Seconds of a recording that an arrow key goes. */
const SEEK_SECONDS = 60;

/** Null for the report: nothing has been measured yet. */
export function pressKey(key: Key, state: ScreenState, report: WatchReport | null): Pressed {
  if (key.kind === "named") {
    // Wherever one is: also while typing.
    const act = ALWAYS[key.name];
    if (act !== undefined) return { state, act };
  }
  if (state.page !== null) return onPage(key, state);
  if (state.isTyping) return { state: typed(key, state), act: NONE };
  const plain = { ...state, notice: "" };
  return key.kind === "named" ? named(key.name, plain, report) : letter(key.text, plain, report);
}

type Name = Extract<Key, { kind: "named" }>["name"];

const ALWAYS: Readonly<Partial<Record<Name, KeyAct>>> = {
  interrupt: { kind: "quit" },
  redraw: { kind: "redraw" },
  suspend: { kind: "suspend" },
};

/** Rows that a key goes down. */
const STEPS: Readonly<Partial<Record<Name, number>>> = {
  up: -1,
  down: 1,
  "page-up": -PAGE_ROWS,
  "page-down": PAGE_ROWS,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
};

function onPage(key: Key, state: ScreenState): Pressed {
  const { page } = state;
  if (page === null) return { state, act: NONE };
  if (key.kind === "text")
    return key.text === "q" ? { state, act: { kind: "quit" } } : { state: { ...state, page: null }, act: NONE };
  const step = STEPS[key.name];
  if (step === undefined) return { state: { ...state, page: null }, act: NONE };
  const offset = Math.max(0, Math.min(page.lines.length - PAGE_ROWS, page.offset + step));
  return { state: { ...state, page: { ...page, offset } }, act: NONE };
}

function typed(key: Key, state: ScreenState): ScreenState {
  if (key.kind === "text") return { ...state, filter: state.filter + key.text, selected: null };
  switch (key.name) {
    case "backspace":
      return { ...state, filter: Array.from(state.filter).slice(0, -1).join("") };
    case "escape":
      return { ...state, filter: "", isTyping: false };
    case "enter":
      return { ...state, isTyping: false };
    default:
      return state;
  }
}

function named(name: Name, state: ScreenState, report: WatchReport | null): Pressed {
  const isReplay = state.replay !== null;
  const step = STEPS[name];
  if (step !== undefined) return { state: moved(state, report, step), act: NONE };
  switch (name) {
    case "left":
      return { state, act: isReplay ? { kind: "seek", seconds: -SEEK_SECONDS } : NONE };
    case "right":
      return { state, act: isReplay ? { kind: "seek", seconds: SEEK_SECONDS } : NONE };
    case "tab":
      return { state: focused(state, report), act: NONE };
    case "enter": {
      const row = selectedRow(state, report);
      return { state, act: row === null ? NONE : { kind: "why", row } };
    }
    case "escape":
      return { state: { ...state, filter: "", focus: null }, act: NONE };
    default:
      return { state, act: NONE };
  }
}

function letter(text: string, state: ScreenState, report: WatchReport | null): Pressed {
  const isReplay = state.replay !== null;
  switch (text) {
    case "q":
      return { state, act: { kind: "quit" } };
    case "?":
    case "h":
      return { state: { ...state, page: helpPage(isReplay) }, act: NONE };
    case "/":
      return { state: { ...state, isTyping: true, filter: "" }, act: NONE };
    case "s": {
      const next = SORT_KEYS[(SORT_KEYS.indexOf(state.sort) + 1) % SORT_KEYS.length] ?? state.sort;
      return { state: { ...state, sort: next, notice: `sorted by ${SORTS[next]}` }, act: NONE };
    }
    case "f":
      return { state: { ...state, isFrozen: !state.isFrozen }, act: NONE };
    case "j":
      return { state: moved(state, report, 1), act: NONE };
    case "k":
      return { state: moved(state, report, -1), act: NONE };
  }
  return isReplay ? replayLetter(text, state) : liveLetter(text, state, report);
}

function liveLetter(text: string, state: ScreenState, report: WatchReport | null): Pressed {
  const pid = state.focus ?? selectedRow(state, report)?.pid ?? report?.processes[0]?.pid ?? null;
  if (pid === null) return { state, act: NONE };
  if (text === "p") return { state: { ...state, notice: "taking a snapshot" }, act: { kind: "snapshot", pid } };
  if (text === "d") return { state: { ...state, notice: "" }, act: { kind: "diagnose", pid } };
  return { state, act: NONE };
}

function replayLetter(text: string, state: ScreenState): Pressed {
  const acts: Readonly<Record<string, KeyAct>> = {
    " ": { kind: "pause" },
    "<": { kind: "pace", factor: 1 / 2 },
    ",": { kind: "pace", factor: 1 / 2 },
    ">": { kind: "pace", factor: 2 },
    ".": { kind: "pace", factor: 2 },
  };
  return { state, act: acts[text] ?? NONE };
}

function selectedRow(state: ScreenState, report: WatchReport | null): ScreenRow | null {
  if (report === null) return null;
  const rows = chosenRows(report, state);
  return rows[selectedIndex(rows, state)] ?? null;
}

function moved(state: ScreenState, report: WatchReport | null, by: number): ScreenState {
  if (report === null) return state;
  const rows = chosenRows(report, state);
  const at = Math.max(0, Math.min(rows.length - 1, selectedIndex(rows, state) + by));
  return { ...state, selected: rows[at]?.key ?? null };
}

/** All workers, then each of them in order of pid. */
function focused(state: ScreenState, report: WatchReport | null): ScreenState {
  const pids = (report?.processes ?? []).map(({ pid }) => pid);
  if (pids.length < 2) return state;
  const at = pids.findIndex((pid) => pid === state.focus);
  return { ...state, focus: pids[at + 1] ?? null, selected: null };
}
