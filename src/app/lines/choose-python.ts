// Which interpreter runs a script: the one that is asked for, else that of the environment, as a person would type it.

import { existsSync } from "node:fs";
import { join } from "node:path";

/** A path, or "python3" to be looked up on PATH. */
export function choosePython(
  asked: string | null,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): string {
  if (asked !== null) return asked;
  const active = environment["VIRTUAL_ENV"] ?? "";
  const environments = [...(active === "" ? [] : [active]), join(folder, ".venv"), join(folder, "venv")];
  const programs = environments.map((each) => join(each, "bin", "python"));
  return programs.find((program) => existsSync(program)) ?? "python3";
}
