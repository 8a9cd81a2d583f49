// Golden files: text compared byte for byte. `UPDATE_GOLDEN=1 npx vitest run ...` writes them; review the difference like code.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";

const HERE = import.meta.dirname;
const PROJECT = join(HERE, "..", "..");

/** Compares with test/golden/`name`. */
export function expectGolden(name: string, text: string): void {
  expectCommitted(join(HERE, name), text);
}

/** Compares with a generated file anywhere in the project. */
export function expectGenerated(path: string, text: string): void {
  expectCommitted(join(PROJECT, path), text);
}

/** The same for JSON, whose layout is the formatter's business. */
export function expectGeneratedJson(path: string, value: unknown): void {
  const file = join(PROJECT, path);
  if (updatesGolden()) writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  const committed: unknown = JSON.parse(readFileSync(file, "utf8"));
  expect(committed, `${file} differs; UPDATE_GOLDEN=1 writes it`).toEqual(JSON.parse(JSON.stringify(value)));
}

function updatesGolden(): boolean {
  return process.env["UPDATE_GOLDEN"] === "1";
}

function expectCommitted(file: string, text: string): void {
  if (updatesGolden()) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text, `${file} differs; UPDATE_GOLDEN=1 writes it`).toBe(readFileSync(file, "utf8"));
}
