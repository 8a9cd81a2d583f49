// A virtual environment with numpy, made once per interpreter and numpy version and kept between runs.

import type { TestInterpreter } from "./interpreters.ts";
import { packageVenv } from "./package-venv.ts";

/** The program of the environment, or the reason why there is none. */
export function numpyVenv(
  python: TestInterpreter,
  requirement: string,
): { readonly program: string } | { readonly reason: string } {
  return packageVenv(python, [requirement]);
}
