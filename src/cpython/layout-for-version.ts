// Which table belongs to which version. A version without a table is refused, never guessed: adding one is adding its
// file (tools/layouts/generate.ts writes it) and its line here.

import type { Layout } from "./layout.ts";
import { cp38 } from "./layouts/cp38.ts";
import { cp39 } from "./layouts/cp39.ts";
import { cp310 } from "./layouts/cp310.ts";
import { cp311 } from "./layouts/cp311.ts";
import { cp312 } from "./layouts/cp312.ts";
import { cp313 } from "./layouts/cp313.ts";
import { cp314 } from "./layouts/cp314.ts";
import { cp314Incremental } from "./layouts/cp314-incremental.ts";
import { cp315 } from "./layouts/cp315.ts";
import { cp313t } from "./layouts/cp313t.ts";
import { cp314t } from "./layouts/cp314t.ts";
import { cp315t } from "./layouts/cp315t.ts";

const LAYOUTS: readonly Layout[] = [cp38, cp39, cp310, cp311, cp312, cp313, cp314Incremental, cp314, cp315];
const FREE_THREADED_LAYOUTS: readonly Layout[] = [cp313t, cp314t, cp315t];

/** "3.8" ... "3.15", oldest first. */
export const supportedVersions: readonly string[] = [...new Set(LAYOUTS.map(({ version }) => version))];

/** Those that are also read without a GIL. */
export const freeThreadedVersions: readonly string[] = FREE_THREADED_LAYOUTS.map(({ version }) => version);

/**
 * A sentence for a table that no released interpreter has proved, else null. The one of 3.14.0 to 3.14.4 comes from an
 * interpreter built of 3.14.7's sources with the collector of those releases.
 */
export function untestedTable(layout: Layout): string | null {
  if (layout === cp315t)
    return "Free-threaded builds of Python 3.15 were not tested: their table was made from headers and proved in no interpreter. Look at the exactness of this snapshot before you believe it.";
  if (layout !== cp314Incremental) return null;
  return "Python 3.14.0 to 3.14.4 were not tested as released: their table was proved in a build of 3.14.7 with their collector. Look at the exactness of this snapshot before you believe it.";
}

/** The table for a `PY_VERSION_HEX`; null for a version, or a pre-release, that we have none for. */
export function layoutForVersion(versionHex: number, freeThreaded = false): Layout | null {
  const layouts = freeThreaded ? FREE_THREADED_LAYOUTS : LAYOUTS;
  return layouts.find(({ firstHex, lastHex }) => firstHex <= versionHex && versionHex <= lastHex) ?? null;
}
