// C as tests write it: the body of a function, and what is lost in it.

import type { CFileFacts } from "../../src/csource/c-file-facts.ts";
import { readCFacts } from "../../src/csource/read-c-facts.ts";
import { loadCParser, type ParseC } from "../../src/parsers/c-from-tree-sitter.ts";

export interface CReader {
  readonly parse: ParseC;
  /** Facts of a whole file. */
  readonly facts: (text: string) => CFileFacts;
  /** "PyList_New return", in order of text, for `PyObject *f(SpamObject *self, PyObject *arg) { body }`. */
  readonly losses: (body: string, before?: string) => readonly string[];
}

export async function readC(): Promise<CReader> {
  const parse = await loadCParser();
  const facts = (text: string): CFileFacts => {
    const tree = parse(text);
    if (tree === null) throw new Error("too deep");
    return readCFacts("spam.c", tree);
  };
  const losses = (body: string, before = ""): readonly string[] =>
    facts(`${before}\nstatic PyObject *\nf(SpamObject *self, PyObject *arg)\n{\n${body}\n}\n`).leaks.map(
      ({ maker, loss }) => `${maker} ${loss}`,
    );
  return { parse, facts, losses };
}
