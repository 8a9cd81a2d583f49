// The pages of the causes: docs/causes/L07-reference-cycles.md, packed with the tool.

import { readFileSync } from "node:fs";
import type { CauseId } from "../../model/diagnosis.ts";
import { type Page, pageOf } from "./page-sections.ts";

export const CAUSE_PAGES: readonly { readonly cause: CauseId; readonly file: string }[] = [
  { cause: "L1", file: "L01-unbounded-cache.md" },
  { cause: "L2", file: "L02-growing-registry.md" },
  { cause: "L3", file: "L03-unbounded-lru-cache.md" },
  { cause: "L4", file: "L04-cache-on-method.md" },
  { cause: "L5", file: "L05-large-cached-values.md" },
  { cause: "L6", file: "L06-keys-that-never-hit.md" },
  { cause: "L7", file: "L07-reference-cycles.md" },
  { cause: "L8", file: "L08-closures.md" },
  { cause: "L9", file: "L09-decorators.md" },
  { cause: "L10", file: "L10-callbacks.md" },
  { cause: "L11", file: "L11-thread-locals.md" },
  { cause: "L12", file: "L12-exceptions-and-frames.md" },
  { cause: "L13", file: "L13-loggers-and-handlers.md" },
  { cause: "L14", file: "L14-unclosed-resources.md" },
  { cause: "L15", file: "L15-queues-and-tasks.md" },
  { cause: "L16", file: "L16-native-growth.md" },
  { cause: "L17", file: "L17-mutable-defaults.md" },
  { cause: "L18", file: "L18-not-a-leak.md" },
];

/** The page of a cause; null when the tool was installed without its documents. */
export function causePage(cause: CauseId): Page | null {
  const file = CAUSE_PAGES.find((each) => each.cause === cause)?.file;
  if (file === undefined) return null;
  try {
    return pageOf(readFileSync(new URL(`../../../docs/causes/${file}`, import.meta.url), "utf8"));
  } catch {
    return null;
  }
}
