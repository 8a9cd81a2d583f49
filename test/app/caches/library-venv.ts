// Libraries of caches in one environment, for all tests that look at them.

import { readableInterpreters, type TestInterpreter } from "../../support/interpreters.ts";
import { packageVenv } from "../../support/package-venv.ts";

const PACKAGES = ["cachetools", "cachebox", "cachelib", "jinja2", "async_lru", "django"];

export interface LibraryVenv {
  readonly python: TestInterpreter;
  /** Or the reason why there is none. */
  readonly venv: ReturnType<typeof packageVenv>;
}

/** On the newest that all of them are built for. */
export function libraryVenv(): LibraryVenv {
  const found = readableInterpreters();
  const python = found.findLast(({ minor }) => minor >= 10 && minor <= 12) ?? found.at(-1)!;
  return { python, venv: packageVenv(python, PACKAGES) };
}
