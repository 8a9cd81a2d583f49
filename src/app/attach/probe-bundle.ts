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
  const probe: SentPackage = ["_deadweight_probe", own, modulesInOrder(own, moduleNames(own))];
  if (extra === null) return loading([probe], [], JSON.stringify(socketPath));
  const beside = packageOf(extra);
  return loading([probe, beside.sent], beside.needs, JSON.stringify(socketPath));
}

/** Python that loads `extra` into a process that has the probe, in the thread that runs it. */
export function loadBesideProbeSource(extra: ProbeExtra): string {
  const { sent, needs } = packageOf(extra);
  return loading([sent], needs, "None");
}

/** Python whose answer is the path of the socket that the probe in a process connects to. */
export function socketOfProbeSource(): string {
  return 'import sys\nanswer = sys.modules["_deadweight_probe"].link.path';
}

/** Name, folder, sources by module in the order in which they can be executed. */
type SentPackage = readonly [string, string, Readonly<Record<string, string>>];

function loading(packages: readonly SentPackage[], preloads: readonly string[], socketPath: string): string {
  return [
    `packages = ${JSON.stringify(packages)}`,
    `preloads = ${JSON.stringify(preloads)}`,
    `socket_path = ${socketPath}`,
    readFileSync(pythonPackagePath("_attach/load.py"), "utf8"),
  ].join("\n");
}

function packageOf(extra: ProbeExtra): { readonly sent: SentPackage; readonly needs: readonly string[] } {
  switch (extra) {
    case "lines": {
      const whole = pythonPackagePath("");
      return { sent: ["_deadweight_lines", whole, modulesInOrder(whole, LINES)], needs: LINES_NEED };
    }
  }
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
