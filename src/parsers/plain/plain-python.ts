// Python that is written as most is, read straight into our tree: several times as fast as the complete parser, whose answer
// is the same (test/parsers/plain-python.test.ts) and which reads everything else.

import type { Module, Statement } from "../../python/tree.ts";
import { GRAMMAR } from "./expressions.ts";
import { GiveUp } from "./give-up.ts";
import { adoptAll, Parser } from "./parser.ts";
import { readStatement } from "./suites.ts";

/** The tree of a source; null when it has errors or anything rare. O(length). */
export function parsePlain(text: string): Module | null {
  try {
    const parser = new Parser(text, GRAMMAR);
    const body: Statement[] = [];
    parser.next();
    while (parser.token !== "end") readStatement(parser, body);
    const tree: Module = { kind: "module", start: 0, end: text.length, parent: null, body };
    adoptAll(body, tree);
    return tree;
  } catch (error) {
    if (error instanceof GiveUp || error instanceof RangeError) return null;
    throw error;
  }
}
