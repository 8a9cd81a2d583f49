// The children of a node. A table in the form of a switch, the frequent kinds first.

import type { Node } from "./tree.ts";

/** Pushes the children of `node` so that popping gives them in the order of the source. */
export function pushChildren(node: Node, open: Node[]): void {
  switch (node.kind) {
    case "name":
    case "constant":
    case "simple":
    case "global":
    case "nonlocal":
    case "alias":
      return;
    case "attribute":
      open.push(node.object);
      return;
    case "call":
      pushAll(node.arguments, open);
      open.push(node.callee);
      return;
    case "argument":
    case "expression-statement":
    case "starred":
    case "await":
    case "type-alias":
      open.push(node.value);
      return;
    case "assign":
      pushOptional(node.value, open);
      pushOptional(node.annotation, open);
      pushAll(node.targets, open);
      return;
    case "subscript":
      open.push(node.index, node.object);
      return;
    case "parameter":
      pushOptional(node.defaultValue, open);
      pushOptional(node.annotation, open);
      return;
    case "compare":
      open.push(node.right, node.left);
      return;
    case "operation":
      pushAll(node.operands, open);
      return;
    case "return":
    case "yield":
      pushOptional(node.value, open);
      return;
    case "display":
      pushAll(node.elements, open);
      return;
    case "dict":
      pushAll(node.entries, open);
      return;
    case "dict-entry":
      open.push(node.value);
      pushOptional(node.key, open);
      return;
    case "if":
      pushAll(node.otherwise, open);
      pushAll(node.body, open);
      open.push(node.test);
      return;
    case "function":
      pushAll(node.body, open);
      pushOptional(node.returns, open);
      pushAll(node.parameters, open);
      pushAll(node.decorators, open);
      return;
    case "class":
      pushAll(node.body, open);
      pushAll(node.arguments, open);
      pushAll(node.decorators, open);
      return;
    case "module":
      pushAll(node.body, open);
      return;
    case "for":
      pushAll(node.otherwise, open);
      pushAll(node.body, open);
      open.push(node.iterable, node.target);
      return;
    case "while":
      pushAll(node.otherwise, open);
      pushAll(node.body, open);
      open.push(node.test);
      return;
    case "with":
      pushAll(node.body, open);
      pushAll(node.items, open);
      return;
    case "with-item":
      pushOptional(node.target, open);
      open.push(node.context);
      return;
    case "try":
      pushAll(node.finallyBody, open);
      pushAll(node.otherwise, open);
      pushAll(node.handlers, open);
      pushAll(node.body, open);
      return;
    case "except":
      pushAll(node.body, open);
      pushOptional(node.type, open);
      return;
    case "raise":
      pushOptional(node.cause, open);
      pushOptional(node.exception, open);
      return;
    case "f-string":
      pushAll(node.expressions, open);
      return;
    case "aug-assign":
      open.push(node.value, node.target);
      return;
    case "import":
    case "import-from":
      pushAll(node.names, open);
      return;
    case "assert":
      pushOptional(node.message, open);
      open.push(node.test);
      return;
    case "comprehension":
      pushAll(node.clauses, open);
      open.push(node.element);
      pushOptional(node.key, open);
      return;
    case "clause":
      pushAll(node.tests, open);
      open.push(node.iterable, node.target);
      return;
    case "lambda":
      open.push(node.body);
      pushAll(node.parameters, open);
      return;
    case "conditional":
      open.push(node.otherwise, node.test, node.body);
      return;
    case "slice":
      pushOptional(node.step, open);
      pushOptional(node.upper, open);
      pushOptional(node.lower, open);
      return;
    case "delete":
      pushAll(node.targets, open);
      return;
    case "walrus":
      open.push(node.value, node.target);
      return;
    case "match":
      pushAll(node.cases, open);
      open.push(node.subject);
      return;
    case "case":
      pushAll(node.body, open);
      pushOptional(node.guard, open);
      return;
    case "unreadable":
      pushAll(node.inside, open);
      return;
  }
}

function pushAll(nodes: readonly Node[], open: Node[]): void {
  for (let at = nodes.length - 1; at >= 0; at--) pushOptional(nodes[at] ?? null, open);
}

function pushOptional(node: Node | null, open: Node[]): void {
  if (node !== null) open.push(node);
}
