// How an option is written in help and docs.

import type { OptionSpec } from "./command.ts";

/** "-o, --output FILE". */
export function optionWords(name: string, spec: OptionSpec): string {
  const short = spec.short === undefined ? "" : `-${spec.short}, `;
  return `${short}--${name}${spec.kind === "flag" ? "" : ` ${spec.placeholder}`}`;
}

/** "rows per table (default: 15)". */
export function optionMeaning(spec: OptionSpec): string {
  if (spec.kind === "choice") {
    const fallback = spec.default === null ? "" : ` (default: ${spec.default})`;
    return `${spec.summary}: ${spec.choices.join(", ")}${fallback}`;
  }
  const hasDefault = (spec.kind === "count" || spec.kind === "seconds") && spec.default !== null;
  return hasDefault ? `${spec.summary} (default: ${spec.default})` : spec.summary;
}
