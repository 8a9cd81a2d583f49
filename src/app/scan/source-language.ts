// What a file is, by its name.

export type SourceLanguage = "python" | "notebook" | "c" | "cython";

const LANGUAGES: Readonly<Record<string, SourceLanguage>> = {
  ".py": "python",
  ".pyi": "python",
  ".ipynb": "notebook",
  ".c": "c",
  ".h": "c",
  ".cpp": "c",
  ".cc": "c",
  ".cxx": "c",
  ".hh": "c",
  ".hpp": "c",
  ".hxx": "c",
  ".pyx": "cython",
  ".pxd": "cython",
  ".pxi": "cython",
};

/** Null for a file that is no source. */
export function languageOf(path: string): SourceLanguage | null {
  const dot = path.lastIndexOf(".");
  const extension = dot < 0 ? "" : path.slice(dot).toLowerCase();
  return Object.hasOwn(LANGUAGES, extension) ? (LANGUAGES[extension] ?? null) : null;
}
