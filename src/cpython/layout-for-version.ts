// Which table belongs to which version. A version without a table is refused, never guessed: adding one is adding its
// file (tools/layouts/generate.ts writes it) and its line here.

import type { Layout } from "./layout.ts";
import { cp38 } from "./layouts/cp38.ts";
import { cp39 } from "./layouts/cp39.ts";
import { cp310 } from "./layouts/cp310.ts";
import { cp311 } from "./layouts/cp311.ts";
import { cp312 } from "./layouts/cp312.ts";
import { cp313 } from "./layouts/cp313.ts";

const LAYOUTS: readonly Layout[] = [cp38, cp39, cp310, cp311, cp312, cp313];

/** "3.8" ... "3.13", oldest first. */
export const supportedVersions: readonly string[] = LAYOUTS.map(({ version }) => version);

/** The table for a `PY_VERSION_HEX`; null for a version, or a pre-release, that we have none for. */
export function layoutForVersion(versionHex: number): Layout | null {
  return LAYOUTS.find(({ firstHex, lastHex }) => firstHex <= versionHex && versionHex <= lastHex) ?? null;
}
