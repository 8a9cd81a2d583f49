// Reads the settings out of the text of a configuration file. Every fault is one sentence with file and line.

import { dirname, isAbsolute, join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { fail, ok, type Result } from "../../base/result.ts";
import { CONFIDENCES, defaultSettings, type PerFileIgnore, type ScanSettings } from "../../model/scan-settings.ts";

/** The table of the settings: [tool.deadweight] in pyproject.toml, the whole file in deadweight.toml. */
type TableName = "tool.deadweight" | null;

type Reader = (value: unknown, folder: string) => Partial<ScanSettings> | string;

/** `extend-select` widens `select`, so it is kept apart until both are known. */
const KEYS: Readonly<Record<string, Reader>> = {
  select: (value) => readCodes(value, (select) => ({ select })),
  "extend-select": (value) => readCodes(value, () => ({})),
  ignore: (value) => readCodes(value, (ignore) => ({ ignore })),
  "per-file-ignores": readPerFileIgnores,
  exclude: (value) => readTexts(value, "patterns", (exclude) => ({ exclude })),
  "extend-exclude": (value) => readTexts(value, "patterns", (extendExclude) => ({ extendExclude })),
  "target-version": readTargetVersion,
  confidence: readConfidence,
  baseline: (value, folder) =>
    typeof value === "string" && value !== ""
      ? { baseline: isAbsolute(value) ? value : join(folder, value) }
      : "must be the path of a file",
};

/**
 * The settings in `text`; null when it is a pyproject.toml without a table of ours. `file` is absolute; `shown` is how
 * messages name it.
 */
export function parseSettings(text: string, file: string, shown: string): Result<ScanSettings | null, string> {
  const document = parseToml(text, shown);
  if (!document.ok) return document;
  const tableName: TableName = file.endsWith("pyproject.toml") ? "tool.deadweight" : null;
  const tool = tableIn(document.value, "tool");
  const table = tableName === null ? document.value : tableIn(tool, "deadweight");
  if (table === null && tool !== null && Object.hasOwn(tool, "deadweight"))
    return fail(`${shown}:${lineOfKey(text, null, "deadweight")}: 'tool.deadweight' must be a table`);
  if (table === null) return ok(null);
  const folder = dirname(file);
  let settings = defaultSettings(folder);
  for (const [key, value] of Object.entries(table)) {
    const where = `${shown}:${lineOfKey(text, tableName, key)}`;
    const reader = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (reader === undefined)
      return fail(`${where}: there is no setting '${key}'; there are ${Object.keys(KEYS).join(", ")}`);
    const read = reader(value, folder);
    if (typeof read === "string") return fail(`${where}: '${key}' ${read}`);
    settings = { ...settings, ...read };
  }
  const further = table["extend-select"];
  if (settings.select !== null && Array.isArray(further))
    settings = { ...settings, select: [...settings.select, ...further.map(String)] };
  return ok(settings);
}

function parseToml(text: string, shown: string): Result<Record<string, unknown>, string> {
  try {
    return ok(parse(text));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = (error.message.split("\n")[0] ?? "").replace(/^Invalid TOML document: /, "");
    return fail(`${shown}:${error.line}: this is not valid TOML (${reason}), so the settings cannot be read`);
  }
}

function tableIn(table: Record<string, unknown> | null, name: string): Record<string, unknown> | null {
  const value = table !== null && Object.hasOwn(table, name) ? table[name] : null;
  return isTable(value) ? value : null;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function readTexts(
  value: unknown,
  what: string,
  settings: (texts: readonly string[]) => Partial<ScanSettings>,
): Partial<ScanSettings> | string {
  return Array.isArray(value) && value.every((each): each is string => typeof each === "string")
    ? settings(value)
    : `must be a list of ${what}, each in quotes`;
}

function readCodes(
  value: unknown,
  settings: (codes: readonly string[]) => Partial<ScanSettings>,
): Partial<ScanSettings> | string {
  const texts = readTexts(value, "codes", settings);
  if (typeof texts === "string") return texts;
  const strange = (value as readonly string[]).find((code) => !isCodePattern(code));
  return strange === undefined ? texts : `has '${strange}', which is neither a code such as DW101 nor its beginning`;
}

/** "DW101", "DW1", "DW" and "ALL". */
export function isCodePattern(text: string): boolean {
  return text === "ALL" || /^DW\d{0,3}$/.test(text);
}

function readPerFileIgnores(value: unknown): Partial<ScanSettings> | string {
  if (!isTable(value)) return 'must be a table of patterns, such as "tests/**" = ["DW101"]';
  const perFileIgnores: PerFileIgnore[] = [];
  for (const [pattern, codes] of Object.entries(value)) {
    const read = readCodes(codes, (ignore) => ({ ignore }));
    if (typeof read === "string") return `for '${pattern}' ${read}`;
    perFileIgnores.push({ pattern, codes: read.ignore ?? [] });
  }
  return { perFileIgnores };
}

/** "3.11", and "py311" as other tools write it. */
function readTargetVersion(value: unknown): Partial<ScanSettings> | string {
  const digits = typeof value === "string" ? /^(?:py)?(3)\.?(\d{1,2})$/.exec(value) : null;
  return digits === null ? 'must be a version such as "3.11"' : { targetVersion: `${digits[1]}.${digits[2]}` };
}

function readConfidence(value: unknown): Partial<ScanSettings> | string {
  const confidence = CONFIDENCES.find((each) => each === value);
  return confidence === undefined ? `must be one of ${CONFIDENCES.join(", ")}` : { confidence };
}

/** The parser does not say where a value stands, so its key is looked up in the text: from 1; of the table if not found. */
function lineOfKey(text: string, table: TableName, key: string): number {
  const lines = text.split(/\r\n|\n|\r/);
  const header = table === null ? 0 : lines.findIndex((line) => headerOf(line)?.startsWith(table) === true);
  const name = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const assignment = new RegExp(`^\\s*["']?${name}["']?\\s*[=.]|^\\s*\\[[^\\]]*\\b${name}["']?\\s*\\]`);
  const at = lines.findIndex((line, index) => index >= header && assignment.test(line));
  return Math.max(at, header, 0) + 1;
}

function headerOf(line: string): string | null {
  return /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1] ?? null;
}
