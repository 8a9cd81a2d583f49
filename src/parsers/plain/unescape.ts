// Escapes in string literals.

import { giveUp } from "./give-up.ts";

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\n", ""],
]);

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([^]))/g;

/** What the content of a literal stands for. Unknown escapes stand for themselves; characters by name are left to others. */
export function unescaped(content: string, isBytes: boolean): string {
  return content.replace(
    ESCAPE,
    (whole, hex?: string, short?: string, long?: string, octal?: string, other?: string): string => {
      if (other !== undefined) {
        if (other === "x" || other === "u" || other === "U" || other === "N") giveUp();
        return SIMPLE.get(other) ?? whole;
      }
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (hex === undefined && isBytes) giveUp();
      return String.fromCodePoint(Math.min(Number.parseInt(hex ?? short ?? long ?? "0", 16), 0x10ffff));
    },
  );
}
