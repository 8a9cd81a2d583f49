// The words for a key in a message: "one entry for each distinct `user_id`".

import type { Origin } from "../../python/origin.ts";

/** Names and calls that the key is made of, in code quotes; "key" when nothing has a name. */
export function keyWords(origin: Origin | undefined): string {
  const words = origin === undefined ? [] : [...new Set(wordsOf(origin))];
  if (words.length === 0) return "key";
  const quoted = words.slice(0, 3).map((word) => `\`${word}\``);
  return quoted.length === 1 ? (quoted[0] ?? "key") : `(${quoted.join(", ")})`;
}

function wordsOf(origin: Origin): readonly string[] {
  switch (origin.from) {
    case "parts":
      return origin.parts.flatMap(wordsOf);
    case "item":
    case "each":
      return wordsOf(origin.of);
    case "call":
      return origin.of === undefined ? [`${lastName(origin.callee)}()`] : wordsOf(origin.of);
    case "fresh":
      return origin.of === undefined ? [FRESH_WORDS[origin.what]] : wordsOf(origin.of);
    default:
      return ownName(origin);
  }
}

function ownName(origin: Origin): readonly string[] {
  if (origin.from === "parameter") return origin.name === "self" || origin.name === "cls" ? [] : [origin.name];
  if (origin.from === "attribute") return [origin.name];
  if (origin.from === "global") return [lastName(origin.name)];
  if (origin.from === "input") return [`${origin.by}()`];
  return origin.from === "exception" ? ["exception"] : [];
}

const FRESH_WORDS = {
  time: "time",
  uuid: "uuid",
  random: "random number",
  id: "id()",
  repr: "repr()",
  object: "object()",
  counter: "number of a counter",
  process: "process or thread",
} as const;

function lastName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
