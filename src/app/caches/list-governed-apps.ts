// Which programs have governed caches, or had them: those with a table on this machine, and those with an audit log.

import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { GovernedApp } from "../../model/page-reports.ts";
import { auditPath } from "./audit-log.ts";
import { namesOfTable } from "./known-names.ts";
import { tablePath } from "./shared-table.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** By name. */
export function listGovernedApps(environment: Environment): readonly GovernedApp[] {
  const names = new Set([...foldersBeside(tablePath, environment), ...foldersBeside(auditPath, environment)]);
  return [...names].toSorted().map((app) => {
    const known = namesOfTable(tablePath(app, environment)) ?? [];
    return { app, selectors: known.map((name) => name.replace(/^fn:/, "")).toSorted() };
  });
}

/** One folder per program, named after it. */
function foldersBeside(pathOf: (app: string, environment: Environment) => string, environment: Environment): string[] {
  try {
    const folder = dirname(dirname(pathOf("any", environment)));
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [basename(entry.name)] : [],
    );
  } catch {
    // Nobody has governed a cache here.
    return [];
  }
}
