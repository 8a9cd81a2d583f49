// Options of `python` that keep the probe out: they are noticed before the program is started, not guessed at afterwards.

import { basename } from "node:path";

const INTERPRETER = /^(python|pypy)[\d.]*t?$/;
const TAKES_NEXT_WORD = new Set(["-W", "-X", "--check-hash-based-pycs"]);
const KEEPS_OUT = /[IES]/;
/** What follows belongs to the program; letters behind one of these belong to its value. */
const ENDS_OPTIONS = /[cm]/;

/** "-I", "-E" or "-S" when the command starts an interpreter with it: none of them reads PYTHONPATH or runs `site`. Else null. */
export function optionThatKeepsProbeOut(words: readonly string[]): string | null {
  const [program = "", ...rest] = words;
  if (!INTERPRETER.test(basename(program))) return null;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (TAKES_NEXT_WORD.has(word)) at += 1;
    else if (!word.startsWith("-") || word === "-") return null;
    else if (!word.startsWith("--")) {
      const end = word.slice(1).search(/[cmWX]/);
      const letter = KEEPS_OUT.exec(end < 0 ? word : word.slice(0, end + 1));
      if (letter !== null) return `-${letter[0]}`;
      if (ENDS_OPTIONS.test(word.charAt(end + 1))) return null;
    }
  }
  return null;
}
