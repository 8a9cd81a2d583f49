// Names of imported modules.

/** A module, as far as relative imports depend on it. */
export interface ImportingModule {
  readonly module: string;
  readonly isPackage: boolean;
  /** Modules in the same folder, by the word that imports them from there: several files of the scan answer to it. */
  readonly neighbours?: Readonly<Record<string, string>>;
}

/**
 * The full name of what `from LEVEL-dots MODULE import` names; null when the dots lead out of the package.
 * As importlib._bootstrap._resolve_name.
 */
export function resolveImport(from: ImportingModule, level: number, module: string): string | null {
  if (level === 0) return absoluteImport(from, module);
  const parts = from.module.split(".");
  const up = from.isPackage ? level - 1 : level;
  if (up >= parts.length + (from.isPackage ? 0 : 1) || (up >= parts.length && module === "")) return null;
  const base = parts.slice(0, parts.length - up);
  return [...base, ...(module === "" ? [] : [module])].join(".");
}

/** Scripts find the files beside them before all others: of two services each has its own `helper`. */
export function absoluteImport({ neighbours }: ImportingModule, module: string): string {
  const head = module.split(".", 1)[0] ?? module;
  return neighbours !== undefined && Object.hasOwn(neighbours, head)
    ? `${neighbours[head] ?? head}${module.slice(head.length)}`
    : module;
}
