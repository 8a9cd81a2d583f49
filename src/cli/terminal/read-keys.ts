// What a person pressed, from the bytes that the terminal sends for it.

export type Key =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "named";
      readonly name:
        | "up"
        | "down"
        | "left"
        | "right"
        | "page-up"
        | "page-down"
        | "home"
        | "end"
        | "enter"
        | "escape"
        | "tab"
        | "backspace"
        | "interrupt"
        | "redraw"
        | "suspend";
    };

type Name = Extract<Key, { readonly kind: "named" }>["name"];

/** xterm, rxvt and the Linux console; longest first, since ESC alone is a key, too. */
const SEQUENCES: readonly (readonly [string, Name])[] = [
  ["\u001b[5~", "page-up"],
  ["\u001b[6~", "page-down"],
  ["\u001b[1~", "home"],
  ["\u001b[4~", "end"],
  ["\u001b[7~", "home"],
  ["\u001b[8~", "end"],
  ["\u001b[A", "up"],
  ["\u001b[B", "down"],
  ["\u001b[C", "right"],
  ["\u001b[D", "left"],
  ["\u001bOA", "up"],
  ["\u001bOB", "down"],
  ["\u001bOC", "right"],
  ["\u001bOD", "left"],
  ["\u001b[H", "home"],
  ["\u001b[F", "end"],
  ["\r", "enter"],
  ["\n", "enter"],
  ["\t", "tab"],
  ["\u007f", "backspace"],
  ["\b", "backspace"],
  ["\u0003", "interrupt"],
  ["\u000c", "redraw"],
  ["\u001a", "suspend"],
];
/** A sequence that nobody here knows: skipped as a whole, not taken for its letters. */
// eslint-disable-next-line no-control-regex -- keys are control characters
const UNKNOWN = /^\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O.)/;
/** Control characters that are no key here must not get into a filter. */
// eslint-disable-next-line no-control-regex -- keys are control characters
const CONTROL = /^[\u0000-\u001a\u001c-\u001f\u0080-\u009f]/;

/** Several keys may arrive at once, when they are typed fast or pasted. */
export function readKeys(text: string): Key[] {
  const keys: Key[] = [];
  let rest = text;
  while (rest !== "") {
    const known = SEQUENCES.find(([sequence]) => rest.startsWith(sequence));
    const unknown = known === undefined ? (UNKNOWN.exec(rest) ?? CONTROL.exec(rest))?.[0] : undefined;
    if (known !== undefined) keys.push({ kind: "named", name: known[1] });
    else if (unknown === undefined) keys.push(single(rest));
    rest = rest.slice(known?.[0].length ?? unknown?.length ?? lengthOfFirst(rest));
  }
  return keys;
}

function single(rest: string): Key {
  return rest.startsWith("\u001b")
    ? { kind: "named", name: "escape" }
    : { kind: "text", text: String.fromCodePoint(rest.codePointAt(0) ?? 0) };
}

function lengthOfFirst(text: string): number {
  return (text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
}
