// pyright's operators as the source writes them, by OperatorType (dist/parser/tokenizerTypes.d.ts of the pinned package).

import type { Compare } from "../python/tree.ts";

/** Operators of arithmetic and logic; those of augmented assignments without their "=". */
export const OPERATOR_WORDS: readonly (string | undefined)[] = sparse([
  [0, "+"],
  [1, "+"],
  [3, "&"],
  [4, "&"],
  [5, "~"],
  [6, "|"],
  [7, "|"],
  [8, "^"],
  [9, "^"],
  [10, "/"],
  [11, "/"],
  [13, "//"],
  [14, "//"],
  [17, "<<"],
  [18, "<<"],
  [22, "@"],
  [23, "@"],
  [24, "%"],
  [25, "%"],
  [26, "*"],
  [27, "*"],
  [29, "**"],
  [30, "**"],
  [31, ">>"],
  [32, ">>"],
  [33, "-"],
  [34, "-"],
  [36, "and"],
  [37, "or"],
  [38, "not"],
]);

export const COMPARE_WORDS: readonly (Compare["op"] | undefined)[] = sparse([
  [12, "=="],
  [15, ">"],
  [16, ">="],
  // `<>`, reported as an error
  [19, "!="],
  [20, "<"],
  [21, "<="],
  [28, "!="],
  [39, "is"],
  [40, "is not"],
  [41, "in"],
  [42, "not in"],
]);

function sparse<Word>(rows: readonly (readonly [number, Word])[]): (Word | undefined)[] {
  const words = Array.from<Word | undefined>({ length: 43 });
  for (const [operator, word] of rows) words[operator] = word;
  return words;
}
