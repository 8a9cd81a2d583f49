// Where objects of a class are made, and which names hold one.

import type { FunctionDefinition } from "./definitions.ts";
import { calleeIn, type ModuleFacts } from "./facts.ts";
import type { ProjectNames } from "./link-names.ts";

/** One place that makes an object of a class. */
export interface Making {
  /** Null for the body of the module. */
  readonly caller: FunctionDefinition | null;
  readonly module: ModuleFacts;
  readonly line: number;
  readonly column: number;
  /** Bits of SITE. */
  readonly flags: number;
}

export interface Instances {
  readonly makingsOf: (className: string) => readonly Making[];
  /** Absolute names of globals and attributes that are given an object of the class. */
  readonly holdersOf: (className: string) => readonly string[];
}

/** One pass over the calls. */
export function findInstances(files: readonly ModuleFacts[], names: ProjectNames): Instances {
  const makings = new Map<string, Making[]>();
  const holders = new Map<string, string[]>();
  for (const module of files) {
    const classes = module.callees.map((_name, row) => classNamed(calleeIn(module, row), names));
    const first = names.firstFunction.get(module) ?? 0;
    for (const [inside, callee, line, column, flags] of module.calls) {
      const className = classes[callee] ?? null;
      if (className === null) continue;
      const caller = inside < 0 ? null : (names.functions[first + inside] ?? null);
      listIn(makings, className).push({ caller, module, line, column, flags });
    }
    for (const [path, made] of Object.entries(module.instances))
      listIn(holders, names.settle(made)).push(`${module.module}.${path}`);
  }
  return {
    makingsOf: (className) => makings.get(names.settle(className)) ?? [],
    holdersOf: (className) => holders.get(names.settle(className)) ?? [],
  };
}

function classNamed(callee: string, names: ProjectNames): string | null {
  if (callee.startsWith(".")) return null;
  const name = names.settle(callee);
  return names.classByName.has(name) ? name : null;
}

function listIn<Value>(lists: Map<string, Value[]>, key: string): Value[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list: Value[] = [];
  lists.set(key, list);
  return list;
}
