// `export`: a heap goes into a file of somebody else's format, piece by piece.

import { once } from "node:events";
import { createGzip } from "node:zlib";
import { fail, ok, type Result } from "../../base/result.ts";
import { HEAP_FORMATS } from "../../export/heap-formats.ts";
import type { Pieces } from "../../export/heap-format.ts";
import { analyse } from "../../heap/analyse.ts";
import type { CsvTable, ExportReport, HeapFormatName } from "../../model/export-report.ts";
import type { Progress } from "../../model/progress.ts";
import { immediateSignals } from "../immediate-signals.ts";
import type { OpenHeap } from "../open-heap.ts";
import { writeAtomically, type OutputFile } from "../snapshot-file/atomic-file.ts";

export interface ExportFailure {
  readonly code: "selector" | "not-writable" | "not-text";
  readonly sentence: string;
}

/** Where the bytes go. */
export type ExportTarget =
  | { readonly kind: "file"; readonly path: string }
  /** Text, for a pipe. */
  | { readonly kind: "output"; readonly write: (text: string) => Promise<void> };

/** What the command line asks for. */
export interface ExportAsked {
  /** A snapshot file, a process ID, a core file. */
  readonly source: string;
  readonly format: HeapFormatName;
  readonly target: ExportTarget;
  readonly around: string | null;
  readonly table: CsvTable;
  /** Null: as many as such a file can bear. */
  readonly limit: number | null;
  readonly toolVersion: string;
}

const MOST_DRAWN = 60;
const MOST_ROWS = 10_000;

/** A file appears whole or not at all. */
export async function exportHeap(
  heap: OpenHeap,
  asked: ExportAsked,
  progress: Progress,
): Promise<Result<ExportReport, ExportFailure>> {
  using _signals = immediateSignals();
  const { target, limit, ...options } = asked;
  const format = HEAP_FORMATS[asked.format];
  if (format.gzip && target.kind === "output") {
    const sentence = `The format ${format.name} is no text and cannot go to a terminal or a pipe of text: name a file with -o.`;
    return fail({ code: "not-text", sentence });
  }
  const pieces = format.write(heap.analysis ?? analyse(heap.snapshot), {
    ...options,
    name: heap.name,
    limit: limit ?? (format.name === "dot" ? MOST_DRAWN : MOST_ROWS),
  });
  if (!pieces.ok) return fail({ code: "selector", sentence: pieces.error });
  const written = await writePieces(pieces.value, format.gzip, target, (bytes) =>
    progress({ phase: "writing", done: bytes, total: null, unit: "bytes" }),
  );
  if (!written.ok) return fail({ code: "not-writable", sentence: written.error });
  return ok({
    schema: "deadweight/export@1",
    format: format.name,
    file: target.kind === "file" ? target.path : "-",
    fileBytes: written.value,
    nodes: heap.snapshot.nodes.count - 1,
    opensIn: format.opensIn,
    warnings: heap.snapshot.meta.warnings,
  });
}

async function writePieces(
  pieces: Pieces,
  gzip: boolean,
  target: ExportTarget,
  report: (bytes: number) => void,
): Promise<Result<number, string>> {
  const fill = async (write: (bytes: Uint8Array) => Promise<void>): Promise<number> => {
    let total = 0;
    for await (const piece of gzip ? gzipped(pieces) : pieces) {
      await write(piece);
      total += piece.length;
      report(total);
    }
    return total;
  };
  if (target.kind === "output") {
    const decoder = new TextDecoder();
    return ok(await fill(async (bytes) => await target.write(decoder.decode(bytes, { stream: true }))));
  }
  const written = await writeAtomically(target.path, async (file: OutputFile) => await fill(file.write));
  return written.ok ? written : fail(`${target.path} cannot be written: ${written.error}. Nothing was left behind.`);
}

async function* gzipped(pieces: Pieces): AsyncGenerator<Uint8Array, void, undefined> {
  const gzip = createGzip();
  const fed = (async () => {
    for (const piece of pieces) if (!gzip.write(piece)) await once(gzip, "drain");
    gzip.end();
  })();
  for await (const chunk of gzip) yield chunk as Uint8Array;
  await fed;
}
