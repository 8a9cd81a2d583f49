// Python written in a test, as rules would see it.

import { type PythonFile, readPythonFile } from "../../src/parsers/read-python-file.ts";
import type { FileView } from "../../src/python/file-view.ts";
import type { Node, NodeKind, NodeOf } from "../../src/python/tree.ts";
import { walk } from "../../src/python/walk.ts";

/** `text` as the module "m" in m.py, or as `file` says. */
export function readPython(text: string, file: { readonly path?: string; readonly module?: string } = {}): PythonFile {
  const { path = "m.py", module = "m" } = file;
  const isPackage = path.endsWith("__init__.py");
  return readPythonFile({ path, module, isPackage, isTest: false }, new TextEncoder().encode(text));
}

/** All nodes of one kind, in source order. */
export function nodesOf<Kind extends NodeKind>(view: FileView, kind: Kind): NodeOf<Kind>[] {
  const found: Node[] = [];
  walk(view.tree, (node) => {
    if (node.kind === kind) found.push(node);
  });
  return found as NodeOf<Kind>[];
}

/** The last node whose source is exactly `source`: tests put the interesting one last. */
export function nodeAt(view: FileView, source: string): Node {
  let found: Node | null = null;
  walk(view.tree, (node) => {
    if (view.text.slice(node.start, node.end) === source && node.kind !== "expression-statement") found = node;
  });
  if (found === null) throw new Error(`no node reads ${source}`);
  return found;
}
