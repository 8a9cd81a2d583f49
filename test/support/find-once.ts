// Before all test files: which interpreters there are. Their threads inherit the answer.

import { everyInterpreter, FOUND_BEFORE } from "./interpreters.ts";

export function setup(): void {
  process.env[FOUND_BEFORE] = JSON.stringify(everyInterpreter());
}
