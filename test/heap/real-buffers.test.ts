// Buffers of C types in a real process: who owns the bytes counts them, whoever only looks at them counts none.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProcess } from "../../src/app/read-target.ts";
import type { NodeIx } from "../../src/base/brand.ts";
import { edgesFrom, shallowBytesOf, typeNameOf } from "../../src/heap/analysis/edges.ts";
import type { Snapshot } from "../../src/heap/snapshot.ts";
import { describeInterpreter, findInterpreters, type TestInterpreter } from "../support/interpreters.ts";
import { startPlaces } from "../support/truth/places.ts";
import { nodeAt } from "../support/truth/node-address.ts";
