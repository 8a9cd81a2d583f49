// Which files are tests, by the usual names.

/** `path` as reports name it, with "/". */
export function isTestFile(path: string): boolean {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  return (
    /^(?:test_.*|.*_tests?|conftest|tests?|testing|fakes?|mocks?)\.pyi?$/.test(name) ||
    parts.slice(0, -1).some((folder) => /^(?:tests?|testing|test_.*|fakes|mocks)$/.test(folder))
  );
}
