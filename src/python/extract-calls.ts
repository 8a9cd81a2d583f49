// Who is called from where, and which functions are handed over as values.

import type { FactDraft } from "./fact-draft.ts";
import { SITE, type CallbackFact, type CallRow, type FunctionIndex, type ModuleFacts } from "./facts.ts";
import type { FileView } from "./file-view.ts";
import { absoluteName, calleeName, pathOfScope } from "./names-in-file.ts";
import { ORIGIN_LETTERS } from "./origin.ts";
import { originKind } from "./origins.ts";
import { BUILTIN_NAMES } from "./builtin-names.ts";
import { lookUp } from "./scopes.ts";
import type { Argument, Attribute, Call, Expression, Name, Node } from "./tree.ts";

/** Methods of builtin types: a call by one of these names on an unknown object says nothing. */
const COMMON_METHODS: ReadonlySet<string> = new Set(
  (
    "append add extend update insert remove discard pop popitem clear get keys values items setdefault copy sort reverse " +
    "index count join split rsplit splitlines strip lstrip rstrip startswith endswith replace format encode decode lower upper " +
    "title find rfind isdigit isalpha isspace ljust rjust zfill partition rpartition read write readline readlines close flush " +
    "seek tell group groups match search sub span start end debug info warning error exception critical log hex union " +
    "intersection difference issubset popleft appendleft translate expandtabs casefold capitalize astype reshape sum mean max " +
    "min all any assertEqual assertRaises assertTrue assertFalse assertIn assertIs assertIsNone assertNotIn assertRaisesRegex"
  ).split(" "),
);

/** Callees that empty a cache: there it matters whether they are called every time. */
const CLEARING = /\.(?:cache_clear|cache_close|clear)$/;

export function extractCalls(draft: FactDraft): Pick<ModuleFacts, "callees" | "calls" | "callbacks"> {
  const callees = new Map<string, number>();
  const seen = new Set<string>();
  const calls: CallRow[] = [];
  const add = (name: string, node: Node, args: string): void => {
    const circumstances = draft.circumstancesOf(node);
    const inside = draft.indexOf(circumstances.function);
    const callee = indexOf(callees, name);
    const flags = circumstances.flags | (circumstances.tests.length > 0 && CLEARING.test(name) ? SITE.conditional : 0);
    const same = `${inside} ${callee} ${flags} ${args}`;
    if (seen.has(same)) return;
    seen.add(same);
    const [line, column] = draft.placeOf(node);
    calls.push([inside, callee, line, column, flags, args]);
  };
  for (const call of draft.calls) {
    const name = isCommonMethod(call.callee) ? null : calleeName(draft.file, call.callee);
    if (name !== null && isWorthKeeping(name)) add(name, call, argumentLetters(draft.file, call));
  }
  for (const node of draft.functions) if (node.kind === "function") addDecorators(draft, node.decorators, add);
  for (const node of draft.classes) addDecorators(draft, node.decorators, add);
  const own = `${draft.file.module}.`;
  const short = [...callees.keys()].map((name) => (name.startsWith(own) ? `~.${name.slice(own.length)}` : name));
  return { callees: short, calls, callbacks: extractCallbacks(draft) };
}

/** `x[0].append(y)`, `self.rows.append(y)`: seen at once, before anything is looked up. */
function isCommonMethod(callee: Expression): boolean {
  return callee.kind === "attribute" && callee.object.kind !== "name" && COMMON_METHODS.has(callee.name);
}

/** A decorator is called with the function; `@d(x)` is a call of its own, found with the others. */
function addDecorators(
  { file }: FactDraft,
  decorators: readonly Expression[],
  add: (name: string, node: Node, args: string) => void,
): void {
  for (const decorator of decorators) {
    const name = decorator.kind === "call" ? null : calleeName(file, decorator);
    if (name !== null && isWorthKeeping(name)) add(name, decorator, "f");
  }
}

function indexOf(rows: Map<string, number>, name: string): number {
  const known = rows.get(name);
  if (known !== undefined) return known;
  rows.set(name, rows.size);
  return rows.size - 1;
}

function isWorthKeeping(name: string): boolean {
  if (name.startsWith(".")) return !COMMON_METHODS.has(name.slice(1));
  return name.includes(".") || !BUILTIN_NAMES.has(name);
}

function argumentLetters(file: FileView, call: Call): string {
  return call.arguments.map((argument) => argumentLetter(file, argument)).join(",");
}

function argumentLetter(file: FileView, { name, star, value }: Argument): string {
  if (star !== "") return star;
  const letter = ORIGIN_LETTERS[originKind(file, value)];
  return name === null ? letter : `${name}:${letter}`;
}

/** Callees that run a coroutine which is made in the argument. */
const RUNNERS =
  /(?:^|\.)(?:create_task|ensure_future|gather|run|run_until_complete|run_coroutine_threadsafe|start_soon|spawn|add_task|wait_for|shield)$/;

function extractCallbacks(draft: FactDraft): readonly CallbackFact[] {
  const found: CallbackFact[] = [];
  const words = wordsOfFunctions(draft.file);
  for (const use of draft.uses) {
    if (!isHandedOn(use) || (use.kind === "name" && !words.has(use.id))) continue;
    const name = functionName(draft, use, use.parent?.kind !== "argument" && use.parent?.kind !== "call");
    const handing = name === null ? null : handingOf(draft, use);
    if (name === null || handing === null) continue;
    const inside: FunctionIndex = draft.indexOf(draft.circumstancesOf(use).function);
    found.push({ function: name, ...handing, inside, at: draft.placeOf(use) });
  }
  for (const node of draft.functions) {
    const handing = node.kind === "lambda" ? handingOf(draft, node) : null;
    if (handing === null) continue;
    const inside = draft.indexOf(draft.circumstancesOf(node).function);
    const name = pathOfScope(draft.file, draft.file.scopes.openedBy(node));
    found.push({ function: name, ...handing, inside, at: draft.placeOf(node) });
  }
  return found;
}

/** Names that are bound somewhere in the file as those of functions are: others need not be looked up. O(variables). */
function wordsOfFunctions({ scopes }: FileView): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { variables } of scopes.all) {
    for (const { name, bindings } of variables.values()) {
      const how = bindings[0]?.how;
      if (how === "function" || how === "import" || how === "class") words.add(name);
    }
  }
  return words;
}

/** Judged by the parent alone, before anything is looked up. */
function isHandedOn(use: Name | Attribute): boolean {
  const { parent } = use;
  switch (parent?.kind) {
    case "argument":
    case "return":
    case "display":
    case "dict-entry":
      return true;
    case "call":
      return parent.parent?.kind === "argument" && parent.callee === use;
    case "assign":
      return parent.value === use;
    default:
      return false;
  }
}

/** To whom and as what a value is handed; null if it is not. */
function handingOf({ file }: FactDraft, node: Expression): Pick<CallbackFact, "to" | "as"> | null {
  const { parent } = node;
  switch (parent?.kind) {
    case "argument":
      return handedAs(file, parent);
    case "call":
      return parent.callee === node ? coroutineHanded(file, parent) : null;
    case "assign":
      return parent.value === node ? { to: "", as: "=" } : null;
    case "return":
      return { to: "", as: "return" };
    case "display":
    case "dict-entry":
      return { to: "", as: "element" };
    default:
      return null;
  }
}

function handedAs(file: FileView, argument: Argument): Pick<CallbackFact, "to" | "as"> | null {
  const call = argument.parent;
  if (call?.kind !== "call" || argument.star !== "") return null;
  const to = calleeName(file, call.callee) ?? "";
  // functools.partial(f, x) stands for f.
  if (to === "functools.partial" && call.arguments[0] === argument && call.parent?.kind === "argument")
    return handedAs(file, call.parent);
  if (BUILTIN_NAMES.has(to)) return null;
  return { to, as: argument.name ?? String(call.arguments.indexOf(argument)) };
}

/** `asyncio.create_task(work())` hands `work` over. */
function coroutineHanded(file: FileView, call: Call): Pick<CallbackFact, "to" | "as"> | null {
  const argument = call.parent;
  if (argument?.kind !== "argument" || argument.parent?.kind !== "call") return null;
  const to = calleeName(file, argument.parent.callee);
  return to !== null && RUNNERS.test(to) ? handedAs(file, argument) : null;
}

/** The absolute name of what may be a function; null for what cannot be one. */
function functionName(draft: FactDraft, use: Name | Attribute, isStored: boolean): string | null {
  if (use.kind === "name") return nameOfFunction(draft, use, isStored);
  if (!isLowerCase(use.name)) return null;
  const name = absoluteName(draft.file, use);
  return name !== null && isMethodOrFunction(draft.file, use, isStored) ? name : null;
}

function nameOfFunction({ file }: FactDraft, use: Name, isStored: boolean): string | null {
  const how = lookUp(file.scopes.scopeOf(use), use.id)?.bindings[0]?.how;
  if (how === "function") return absoluteName(file, use);
  if (isStored || (how !== "import" && how !== "class")) return null;
  return how === "import" && !isLowerCase(use.id) ? null : absoluteName(file, use);
}

/** Functions are, by convention; classes and constants are not. */
function isLowerCase(name: string): boolean {
  return /^_*[a-z]/.test(name);
}

/** `self.work` if the class has such a method in sight or may inherit it; `module.work` always. */
function isMethodOrFunction(file: FileView, { object, name }: Attribute, isStored: boolean): boolean {
  if (object.kind !== "name" || (object.id !== "self" && object.id !== "cls")) return !isStored;
  for (let scope = file.scopes.scopeOf(object).parent; scope !== null; scope = scope.parent) {
    if (scope.kind !== "class") continue;
    return scope.variables.get(name)?.bindings.some(({ how }) => how === "function") ?? false;
  }
  return false;
}
