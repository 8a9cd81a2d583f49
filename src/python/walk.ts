// One walk over a tree, without recursion: sources nest deeper than a stack.

import { pushChildren } from "./children.ts";
import type { ClassDef, For, FunctionDef, Lambda, Node, While } from "./tree.ts";

/** Calls `enter` for every node at and below `root`: source order as `pushChildren` gives it, parents before children. O(nodes). */
export function walk(root: Node, enter: (node: Node) => void): void {
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    enter(node);
    pushChildren(node, open);
  }
}

/** Calls `enter` for every node at and below `roots` but what is inside the functions, lambdas and classes among them. O(nodes). */
export function walkOwn(roots: readonly Node[], enter: (node: Node) => void): void {
  const open = roots.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    enter(node);
    if (node.kind !== "function" && node.kind !== "lambda" && node.kind !== "class") pushChildren(node, open);
  }
}

/** Names of all attributes at and below `root`. O(nodes). */
export function attributeNames(root: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(root, (node) => {
    if (node.kind === "attribute") names.add(node.name);
  });
  return names;
}

/** From the parent to the module. */
export function* ancestors(node: Node): Generator<Node> {
  for (let at = node.parent; at !== null; at = at.parent) yield at;
}

/** The function or lambda whose body runs `node`; null at module and class level. A function's decorators lie outside it. */
export function enclosingFunction(node: Node): FunctionDef | Lambda | null {
  let child = node;
  for (let at = node.parent; at !== null; child = at, at = at.parent) {
    if (at.kind === "class" && isInBody(at, child)) return null;
    if ((at.kind === "function" || at.kind === "lambda") && isInBody(at, child)) return at;
  }
  return null;
}

/** The class around `node`, also from inside its methods. */
export function enclosingClass(node: Node): ClassDef | null {
  let child = node;
  for (let at = node.parent; at !== null; child = at, at = at.parent) {
    if (at.kind === "class" && isInBody(at, child)) return at;
  }
  return null;
}

/** The innermost loop statement that runs `node` again and again, within the same function or class body. */
export function enclosingLoop(node: Node): For | While | null {
  let child = node;
  for (let at = node.parent; at !== null; child = at, at = at.parent) {
    if ((at.kind === "for" || at.kind === "while") && isRepeated(at, child)) return at;
    if ((at.kind === "function" || at.kind === "class" || at.kind === "lambda") && isInBody(at, child)) return null;
  }
  return null;
}

/** Told by what is no statement of the body: a body may have thousands. */
function isInBody(around: FunctionDef | ClassDef | Lambda, child: Node): boolean {
  if (around.kind === "lambda") return around.body === child;
  if (child.kind === "parameter" || child.kind === "argument") return false;
  if (around.kind === "function" && child === around.returns) return false;
  return !(around.decorators as readonly Node[]).includes(child);
}

/** The iterable is evaluated once, and so is `else`. */
function isRepeated(loop: For | While, child: Node): boolean {
  if (loop.kind === "for" && child === loop.iterable) return false;
  const [first] = loop.otherwise;
  return first === undefined || child.start < first.start;
}
