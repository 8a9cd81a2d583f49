// data/known-leaks.json, packed with the tool.

import { readFileSync } from "node:fs";
import type { KnownLeak } from "../../diagnose/known-leaks.ts";

const FILE = "known-leaks.json";

/** All known leaks of libraries; none when the tool was installed without its data. */
export function knownLeaks(): readonly KnownLeak[] {
  try {
    const text = readFileSync(new URL(`../../../data/${FILE}`, import.meta.url), "utf8");
    // A file of our own; a test holds it against the type.
    return (JSON.parse(text) as { readonly leaks: readonly KnownLeak[] }).leaks;
  } catch {
    return [];
  }
}
