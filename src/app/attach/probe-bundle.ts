// The probe as one text that a process can execute without looking for files: what `run` loads from a folder, `attach` sends.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { invariant } from "../../base/invariant.ts";
import { pythonPackagePath } from "../python-package.ts";

const IMPORTS = /^from \.(?<from>\w+) import |^from \. import (?<names>[\w, ]+)$/gm;
const LINES = ["_lines_session", "_lines_report"];
/** Before them: `threading` takes the thread that imports it first for the main one. */
const LINES_NEED = ["threading", "typing", "types", "linecache", "fnmatch", "dis"];

/** What is loaded beside the probe. */
export type ProbeExtra = "lines";

/** Python that loads the probe and has it connect to `socketPath`. */
export function loadProbeSource(socketPath: string, extra: ProbeExtra | null = null): string {
  const own = pythonPackagePath("_probe");
  const whole = pythonPackagePath("");
  const packages = [
    ["_deadweight_probe", own, modulesInOrder(own, moduleNames(own))],
    ...(extra === "lines" ? [["_deadweight_lines", whole, modulesInOrder(whole, LINES)]] : []),
  ];
  return [
    `packages = ${JSON.stringify(packages)}`,
    `preloads = ${JSON.stringify(extra === "lines" ? LINES_NEED : [])}`,
    `socket_path = ${JSON.stringify(socketPath)}`,
    readFileSync(pythonPackagePath("_attach/load.py"), "utf8"),
  ].join("\n");
}

/** Python that takes the probe out again. */
export function unloadProbeSource(): string {
  return readFileSync(pythonPackagePath("_attach/unload.py"), "utf8");
}

function moduleNames(folder: string): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".py") && name !== "__init__.py");
  return files.map((name) => name.slice(0, -".py".length)).sort();
}

/** Sources of `wanted` and all they import of the same folder, each behind what it imports; JSON's texts are Python's, too. */
function modulesInOrder(folder: string, wanted: readonly string[]): Readonly<Record<string, string>> {
  const inOrder = new Map<string, string>();
  const add = (name: string, above: readonly string[]): void => {
    invariant(!above.includes(name), `module ${name} of the probe imports itself`);
    if (inOrder.has(name)) return;
    const source = readFileSync(join(folder, `${name}.py`), "utf8");
    for (const needed of importedBy(source)) add(needed, [...above, name]);
    inOrder.set(name, source);
  };
  for (const name of wanted) add(name, []);
  return Object.fromEntries(inOrder);
}

/** Imports at the left margin: those inside functions come later. */
function importedBy(source: string): readonly string[] {
  return Array.from(source.matchAll(IMPORTS)).flatMap(({ groups }) =>
    groups?.["from"] === undefined ? (groups?.["names"] ?? "").split(",").map((name) => name.trim()) : [groups["from"]],
  );
}
