// Imports, module-level names that stand for others, and `__all__`.

import type { FactDraft } from "./fact-draft.ts";
import type { ImportFact, ModuleFacts } from "./facts.ts";
import { absoluteName, assignedValue } from "./names-in-file.ts";
import { absoluteImport, resolveImport } from "./resolve-import.ts";
import type { Binding } from "./scope.ts";
import type { Assign, Import, ImportFrom, Name } from "./tree.ts";

export function extractImports(draft: FactDraft): Pick<ModuleFacts, "imports" | "aliases" | "stars" | "all"> {
  const imports = draft.imports.flatMap((statement) => importsOf(draft, statement));
  return {
    imports,
    aliases: aliasesOf(draft),
    stars: draft.file.scopes.module.starImports.flatMap((alias) => {
      const { parent } = alias;
      if (parent?.kind !== "import-from") return [];
      return resolveImport(draft.file, parent.level, parent.module) ?? [];
    }),
    all: allOf(draft),
  };
}

function importsOf(draft: FactDraft, statement: Import | ImportFrom): readonly ImportFact[] {
  const inside = draft.indexOf(draft.circumstancesOf(statement).function);
  const [line] = draft.placeOf(statement);
  if (statement.kind === "import") {
    return statement.names.map(({ name, asName }) => ({
      name: asName ?? name.split(".")[0] ?? name,
      target: absoluteImport(draft.file, name),
      line,
      inside,
    }));
  }
  const module = resolveImport(draft.file, statement.level, statement.module);
  if (module === null) return [];
  return statement.names.map(({ name, asName }) => ({
    name: asName ?? name,
    target: name === "*" ? module : `${module}.${name}`,
    line,
    inside,
  }));
}

function aliasesOf({ file }: FactDraft): Readonly<Record<string, string>> {
  const aliases: Record<string, string> = {};
  for (const { name, bindings } of file.scopes.module.variables.values()) {
    const first = bindings.find(({ how }) => how === "import") ?? bindings[0];
    if (first === undefined || first.from.kind !== "module") continue;
    const target = first.how === "import" ? importedAs(file, name, first.node) : aliasedName(file, first);
    if (target !== null && target !== `${file.module}.${name}`) aliases[name] = target;
  }
  return aliases;
}

function importedAs(file: FactDraft["file"], id: string, at: Name["parent"]): string | null {
  // A name at the place of the import sees what the import binds.
  return at === null ? null : absoluteName(file, { kind: "name", id, start: at.start, end: at.end, parent: at });
}

/** `X = other.Y`, and the X of `Y = X = {}`. */
function aliasedName(file: FactDraft["file"], binding: Binding): string | null {
  const value = assignedValue(binding);
  if (value === null) return null;
  if (value.kind === "name" || value.kind === "attribute") return absoluteName(file, value);
  return binding.node.kind === "name" ? absoluteName(file, binding.node) : null;
}

/** Null without `__all__`, and when it is put together in ways that only running it tells. */
function allOf({ assigns }: FactDraft): readonly string[] | null {
  const found = assigns.find((assign) => assign.parent?.kind === "module" && bindsAll(assign));
  const value = found?.value;
  if (value?.kind !== "display") return null;
  const names = value.elements.flatMap((element) => (element.kind === "constant" ? element.text : []));
  return names.length === value.elements.length ? names : null;
}

function bindsAll({ targets }: Assign): boolean {
  return targets.some((target) => target.kind === "name" && target.id === "__all__");
}
