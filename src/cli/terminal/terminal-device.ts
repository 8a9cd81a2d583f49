// The terminal of a person: its size, its keys, and writing to it also when the program is about to end.

import { writeSync } from "node:fs";
import type { ReadStream, WriteStream } from "node:tty";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalDevice {
  readonly size: () => TerminalSize;
  /** At once, whatever else is waiting: also from an "exit" listener. */
  readonly writeNow: (text: string) => void;
  /** Each key reaches `onKeys` as the terminal sends it, Ctrl-C included, until disposal. */
  readonly listen: (listener: TerminalListener) => Disposable;
  /** Stops the program as Ctrl-Z does, and gives the terminal's own way with keys back meanwhile. */
  readonly suspend: () => void;
}

export interface TerminalListener {
  readonly onKeys: (text: string) => void;
  readonly onResize: () => void;
  /** After a stop, whoever asked for it: what is on the screen is somebody else's. */
  readonly onContinue: () => void;
}

/** What a serial line and some containers call their size. */
const UNKNOWN_SIZE: TerminalSize = { columns: 80, rows: 24 };

/** Null when one of them is no terminal. */
export function openTerminal(input: ReadStream, output: WriteStream & { readonly fd: number }): TerminalDevice | null {
  if (!input.isTTY || !output.isTTY) return null;
  return {
    size: () => (output.columns > 0 && output.rows > 0 ? { columns: output.columns, rows: output.rows } : UNKNOWN_SIZE),
    writeNow: (text) => writeAll(output, text),
    listen: (listener) => listenTo(input, output, listener),
    suspend: () => {
      input.setRawMode(false);
      // To the whole group, as the terminal would: whoever started us is stopped, too, and the shell comes back.
      process.kill(0, "SIGTSTP");
      // A group that no shell looks after is not stopped at all; then, and after a stop, it goes on here.
      setTimeout(() => process.emit("SIGCONT"), NOT_STOPPED_MS);
    },
  };
}

const NOT_STOPPED_MS = 100;

function listenTo(
  input: ReadStream,
  output: WriteStream,
  { onKeys, onResize, onContinue }: TerminalListener,
): Disposable {
  const onData = (data: Buffer): void => onKeys(data.toString("utf8"));
  const onWake = (): void => {
    // The shell has set the terminal as it likes it, and a mode that Node believes to be set is not set again.
    input.setRawMode(false);
    input.setRawMode(true);
    onContinue();
  };
  input.setRawMode(true);
  input.resume();
  input.on("data", onData);
  output.on("resize", onResize);
  process.on("SIGCONT", onWake);
  return {
    [Symbol.dispose]: () => {
      process.off("SIGCONT", onWake);
      input.off("data", onData);
      output.off("resize", onResize);
      input.setRawMode(false);
      input.pause();
    },
  };
}

const TRIES = 200;

/** The terminal may take a moment (EAGAIN); one that has gone away needs nothing any more. */
function writeAll({ fd }: { readonly fd: number }, text: string): void {
  let rest = Buffer.from(text, "utf8");
  for (let tries = 0; rest.length > 0 && tries < TRIES; tries++) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
