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
  readonly listen: (onKeys: (text: string) => void, onResize: () => void) => Disposable;
}

/** Null when one of them is no terminal. */
export function openTerminal(input: ReadStream, output: WriteStream & { readonly fd: number }): TerminalDevice | null {
  if (!input.isTTY || !output.isTTY) return null;
  return {
    size: () => ({ columns: output.columns, rows: output.rows }),
    writeNow: (text) => writeAll(output, text),
    listen: (onKeys, onResize) => {
      const onData = (data: Buffer): void => onKeys(data.toString("utf8"));
      input.setRawMode(true);
      input.resume();
      input.on("data", onData);
      output.on("resize", onResize);
      return {
        [Symbol.dispose]: () => {
          input.off("data", onData);
          output.off("resize", onResize);
          input.setRawMode(false);
          input.pause();
        },
      };
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
