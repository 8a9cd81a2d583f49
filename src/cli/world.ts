// Everything a command may touch. main.ts makes the real one; tests make their own.

import type { TextStyle } from "../report/text-style.ts";
import type { Actions } from "./actions.ts";
import type { TerminalDevice } from "./terminal/terminal-device.ts";

export interface TextSink {
  readonly isTerminal: boolean;
  /** Null when it is no terminal. */
  readonly columns: number | null;
  /** Resolves when the text is out, also when the reader has gone. */
  readonly write: (text: string) => Promise<void>;
}

export interface World {
  readonly out: TextSink;
  readonly err: TextSink;
  /** Where a person sits at stdin and stdout; null otherwise. */
  readonly terminal: TerminalDevice | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly nowMs: () => number;
  readonly fileExists: (path: string) => boolean;
  /** Runs `cleanUp` when a signal ends the program before the handle is disposed. */
  readonly whenInterrupted: (cleanUp: () => void) => Disposable;
  /** Until disposal the first Ctrl-C aborts the signal and does no more. */
  readonly askFirst: () => { readonly signal: AbortSignal } & Disposable;
  readonly actions: Actions;
}

const DEFAULT_WIDTH = 80;
/** Narrower than this, tables say nothing. */
const LEAST_WIDTH = 60;

/** How to write on `sink`: as wide as the terminal, coloured only there and only if wanted. */
export function styleOf(sink: TextSink, environment: World["environment"]): TextStyle {
  const width = sink.columns ?? columnsVariable(environment) ?? DEFAULT_WIDTH;
  const unwanted = (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb";
  return { width: Math.max(LEAST_WIDTH, width), colours: sink.isTerminal && !unwanted };
}

/** For output that is piped into a pager. */
function columnsVariable(environment: World["environment"]): number | null {
  const columns = Number(environment["COLUMNS"] ?? "");
  return Number.isInteger(columns) && columns > 0 ? columns : null;
}

/** stdout or stderr could not be written to, and not because its reader went away. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}
