// A program on a real pseudo-terminal, and what its screen shows: as much of a terminal as our renderer needs.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { displayWidth } from "../../../src/base/format-width.ts";
import { endProcess } from "../../capture/start-target.ts";

export interface TerminalProgram extends AsyncDisposable {
  readonly keys: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly signal: (number: number) => void;
  /** Lines as they are seen now. */
  readonly screen: () => string;
  /** Everything that was written. */
  readonly written: () => string;
  /** The screen when it fits, within 60 s. */
  readonly until: (pattern: RegExp) => Promise<string>;
  /** Resolves when it was written, after so many characters. */
  readonly untilWritten: (pattern: RegExp, after?: number) => Promise<void>;
  /** The program's exit code. */
  readonly ended: Promise<number>;
}

const PATIENCE_MS = 60_000;

export function startTerminal(words: readonly string[], columns: number, rows: number): TerminalProgram {
  const driver = join(import.meta.dirname, "pty-driver.py");
  const child = spawn("python3", [driver, String(columns), String(rows), ...words], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, TERM: "xterm-256color", COLUMNS: "", NO_COLOR: "" },
  });
  onTestFinished(() => endProcess(child));
  let [written, size] = ["", { columns, rows }];
  const watchers = new Set<() => void>();
  child.stdout.on("data", (data: Buffer) => {
    written += data.toString("utf8");
    for (const each of watchers) each();
  });
  child.stdin.on("error", () => undefined);
  const order = (what: object): void => void child.stdin.write(`${JSON.stringify(what)}\n`);
  const screen = (): string => screenOf(written, size.columns, size.rows);
  const seen = (textOf: () => string, pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error(`never saw ${pattern}; the screen:\n${screen()}`)), PATIENCE_MS);
      const look = (): void => {
        const now = textOf();
        if (!pattern.test(now)) return;
        clearTimeout(giveUp);
        watchers.delete(look);
        resolve(now);
      };
      watchers.add(look);
      look();
    });
  return {
    keys: (text) => order({ keys: text }),
    resize: (wide, high) => {
      size = { columns: wide, rows: high };
      order({ resize: [wide, high] });
    },
    signal: (number) => order({ signal: number }),
    screen,
    written: () => written,
    until: (pattern) => seen(screen, pattern),
    untilWritten: async (pattern, after = 0) => void (await seen(() => written.slice(after), pattern)),
    ended: new Promise((resolve) => child.once("exit", (code) => resolve(code ?? -1))),
    [Symbol.asyncDispose]: () => endProcess(child),
  };
}

// eslint-disable-next-line no-control-regex -- what terminals are told
const TOLD = /\u001b\[\?(\d+[hl])|\u001b\[([\d;]*)([A-Za-z])|([^\u001b]+)/g;

/** Two screens: the shell's, and the one that programs take for themselves. */
function screenOf(written: string, columns: number, rows: number): string {
  const empty = (): string[][] => Array.from({ length: rows }, () => Array.from({ length: columns }, () => " "));
  const screens = [empty(), empty()] as const;
  let [current, row, column]: [0 | 1, number, number] = [0, 0, 0];
  let left: readonly [number, number] = [0, 0];
  /** The last one scrolls. */
  const nextRow = (): number => {
    if (row + 1 < rows) return row + 1;
    screens[current].push(...screens[current].splice(0, 1).map((line) => line.map(() => " ")));
    return rows - 1;
  };
  const put = (text: string): void => {
    for (const { segment } of new Intl.Segmenter("en").segment(text)) {
      if (segment === "\r\n" || segment === "\n") [row, column] = [nextRow(), 0];
      else if (segment === "\r") column = 0;
      else {
        const line = screens[current][Math.min(row, rows - 1)]!;
        if (column < columns) line[column] = segment;
        if (displayWidth(segment) === 2) line[column + 1] = "";
        column += displayWidth(segment);
      }
    }
  };
  for (const [, modes, parameters, letter, text] of written.matchAll(TOLD)) {
    if (modes === "1049h") [left, current] = [[row, column], 1];
    else if (modes === "1049l") [[row, column], current] = [left, 0];
    else if (letter === "J") for (const [at] of screens[current].entries()) screens[current][at]!.fill(" ");
    else if (letter === "H")
      [row, column] = (parameters ?? "").split(";").map((each) => Number(each) - 1) as [number, number];
    else if (text !== undefined) put(text);
  }
  return screens[current].map((line) => line.join("").trimEnd()).join("\n");
}
