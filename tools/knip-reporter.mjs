// knip's compact report plus one line that says how much it looked at, so that the gate can refuse a run over nothing.

import { relative } from "node:path";

/** knip calls the default export; `write` prints to stdout. */
export default function report({ issues, counters, cwd, write }) {
  const lines = [];
  for (const [kind, byFile] of Object.entries(issues)) {
    if (kind === "_files") continue;
    for (const [file, found] of Object.entries(byFile)) {
      for (const issue of Object.values(found)) {
        lines.push(`${relative(cwd, issue.filePath ?? file)}: ${kind}: ${issue.symbol}`);
      }
    }
  }
  write([...lines, `knip looked at ${counters.processed} of ${counters.total} files`].join("\n"));
}
