// What a format writes, as text.

import type { ExportOptions } from "../../src/export/heap-format.ts";
import { HEAP_FORMATS } from "../../src/export/heap-formats.ts";
import { analyse } from "../../src/heap/analyse.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import type { HeapFormatName } from "../../src/model/export-report.ts";

export const OPTIONS: ExportOptions = {
  name: "shop.dwsnap",
  toolVersion: "1.2.3",
  around: null,
  limit: 60,
  table: "holders",
};

export function exported(snapshot: Snapshot, format: HeapFormatName, options: Partial<ExportOptions> = {}): Buffer {
  const pieces = HEAP_FORMATS[format].write(analyse(snapshot), { ...OPTIONS, ...options });
  if (!pieces.ok) throw new Error(pieces.error);
  return Buffer.concat([...pieces.value]);
}

export function exportedText(snapshot: Snapshot, format: HeapFormatName, options: Partial<ExportOptions> = {}): string {
  return exported(snapshot, format, options).toString("utf8");
}
