// Finds the configuration: `--config FILE`, else the nearest deadweight.toml or pyproject.toml with a table of ours.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";
import { defaultSettings, type ScanSettings } from "../../model/scan-settings.ts";
import { reasonOf } from "./discover-files.ts";
import { parseSettings } from "./parse-settings.ts";
import { shownPath } from "./shown-path.ts";

/** In the order in which they count within one folder. */
const FILES = ["deadweight.toml", "pyproject.toml"] as const;

/**
 * The settings for a scan that begins in `folder` (absolute). `given` is the file of `--config`. Fails with a sentence when
 * a configuration file is there and cannot be read or understood.
 */
export function findSettings(folder: string, given: string | null): Result<ScanSettings, string> {
  if (given !== null) return readSettings(resolve(folder, given), folder, true);
  for (let at = folder; ; at = dirname(at)) {
    for (const name of FILES) {
      const file = join(at, name);
      if (!isFile(file)) continue;
      const read = readSettings(file, folder, false);
      if (!read.ok || read.value !== null) return read.ok ? ok(read.value ?? defaultSettings(folder)) : read;
    }
    if (dirname(at) === at) return ok(defaultSettings(folder));
  }
}

/** A folder or a pipe of that name holds no settings. */
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readSettings(file: string, folder: string, isGiven: true): Result<ScanSettings, string>;
function readSettings(file: string, folder: string, isGiven: false): Result<ScanSettings | null, string>;
function readSettings(file: string, folder: string, isGiven: boolean): Result<ScanSettings | null, string> {
  const shown = shownPath(file, folder);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return fail(`${shown} cannot be read (${reasonOf(error)}), so the settings are not known`);
  }
  const parsed = parseSettings(text.replace(/^\ufeff/, ""), file, shown);
  if (!parsed.ok || parsed.value !== null || !isGiven) return parsed;
  return fail(`${shown} has no table [tool.deadweight]; add one, or leave out --config`);
}
