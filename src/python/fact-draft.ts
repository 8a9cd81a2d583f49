// What the walk of a file gathers before facts are made of it, and what all makers of facts share.

import { circumstancesOf, type Circumstances } from "./circumstances.ts";
import { isEndlessLoop } from "./endless-loops.ts";
import { placeOf, type FunctionIndex, type Place } from "./facts.ts";
import type { FileView } from "./file-view.ts";
import { remembered } from "./remembered.ts";
import type {
  Assign,
  Attribute,
  Call,
  ClassDef,
  FunctionDef,
  Import,
  ImportFrom,
  Lambda,
  Name,
  Node,
  While,
  Yield,
} from "./tree.ts";

export interface FactDraft {
  readonly file: FileView;
  readonly functions: (FunctionDef | Lambda)[];
  readonly classes: ClassDef[];
  readonly imports: (Import | ImportFrom)[];
  readonly assigns: Assign[];
  readonly calls: Call[];
  readonly yields: Yield[];
  readonly loops: While[];
  /** Names and attributes, wherever they stand. */
  readonly uses: (Name | Attribute)[];
  readonly indexOf: (around: FunctionDef | Lambda | null) => FunctionIndex;
  readonly circumstancesOf: (node: Node) => Circumstances;
  readonly isEndless: (loop: While) => boolean;
  readonly placeOf: (span: { readonly start: number; readonly end: number }) => Place;
}

export function startDraft(file: FileView): FactDraft {
  const functions: (FunctionDef | Lambda)[] = [];
  const indexes = new Map<FunctionDef | Lambda, number>();
  return {
    file,
    functions,
    classes: [],
    imports: [],
    assigns: [],
    calls: [],
    yields: [],
    loops: [],
    uses: [],
    indexOf: (around) => {
      if (around === null) return -1;
      if (indexes.size === 0) for (const [index, node] of functions.entries()) indexes.set(node, index);
      return indexes.get(around) ?? -1;
    },
    circumstancesOf: (node) => circumstancesOf(file, node),
    isEndless: (loop) => remembered(file, isEndlessLoop, loop),
    placeOf: (span) => placeOf(file.rangeOf(span)),
  };
}

/** Sorts a node into the draft. Called once for every node. */
export function gather(draft: FactDraft, node: Node): void {
  switch (node.kind) {
    case "name":
    case "attribute":
      draft.uses.push(node);
      return;
    case "call":
      draft.calls.push(node);
      return;
    case "assign":
      draft.assigns.push(node);
      return;
    case "function":
    case "lambda":
      draft.functions.push(node);
      return;
    case "class":
      draft.classes.push(node);
      return;
    case "import":
    case "import-from":
      draft.imports.push(node);
      return;
    case "yield":
      draft.yields.push(node);
      return;
    case "while":
      draft.loops.push(node);
      return;
    default:
  }
}
