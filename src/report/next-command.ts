// The command a person will want next, ready to copy. Names come from the target: quoting is what keeps them harmless.

import { shellWord } from "../base/format-shell.ts";
import { commandLine, heading } from "./prose.ts";
import type { Line } from "./text-style.ts";

/** A longer command helps nobody. */
const LONGEST_COMMAND = 200;

export function nextLines(command: string | null): Line[] {
  return command === null ? [] : [...heading("Next"), commandLine(command)];
}

/** A snapshot file as an argument: one named by digits would be taken for a PID, one with a dash for an option. */
export function sourceWord(file: string): string {
  return shellWord(/^(\d+$|-)/.test(file) ? `./${file}` : file);
}

/** `deadweight why` for a holder, null when there is none or its path is too long to copy. `source` is quoted already. */
export function whyCommand(source: string, path: string | undefined): string | null {
  if (path === undefined) return null;
  const command = `deadweight why ${source} ${shellWord(path)}`;
  return command.length <= LONGEST_COMMAND ? command : null;
}
