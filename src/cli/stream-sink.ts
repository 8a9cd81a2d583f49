// A process stream as a TextSink. A reader that went away (`| head`) is no failure: the rest of the text has no reader.

import type { Writable } from "node:stream";
import { OutputError, type TextSink } from "./world.ts";

export function streamSink(stream: Writable & { readonly isTTY?: boolean; readonly columns?: number }): TextSink {
  // Without a listener Node throws the error of a failed write once more; `write` below already handles it.
  stream.on("error", () => undefined);
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    get columns(): number | null {
      return isTerminal ? (stream.columns ?? null) : null;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        if (stream.destroyed) return resolve();
        stream.write(text, (error) => {
          if (error === null || error === undefined || isReaderGone(error)) resolve();
          else
            reject(
              new OutputError(
                `the output could not be written (${error.message}), so it is incomplete; free some space or write elsewhere`,
              ),
            );
        });
      }),
  };
}

function isReaderGone(error: Error): boolean {
  const code = "code" in error ? error.code : null;
  return code === "EPIPE" || code === "ERR_STREAM_DESTROYED";
}
