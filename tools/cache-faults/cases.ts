// Every failure case that concerns one host and that a running fleet can show. Those that need none are tests of their own:
// test/app/caches and test/python-package.

import type { FaultCase } from "./drive.ts";
import { FLEET_CASES } from "./fleet-cases.ts";
import { PLACE_CASES } from "./place-cases.ts";
import { TOOL_CASES } from "./tool-cases.ts";

export const FAULT_CASES: readonly FaultCase[] = [...FLEET_CASES, ...TOOL_CASES, ...PLACE_CASES];

/** What the interpreter must have. */
export const PACKAGES: readonly string[] = ["cachetools", "gunicorn>=23", "redis>=5"];
