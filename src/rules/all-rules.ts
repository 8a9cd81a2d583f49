// Every rule, by code. A rule that is not here does not run; the gate "rules" notices.

import { unboundedCache } from "./DW101-unbounded-cache.ts";
import { unusedSuppression } from "./DW001-unused-suppression.ts";
import { leakedMemory } from "./DW901-leaked-memory.ts";
import { leakedReference } from "./DW902-leaked-reference.ts";
import { singletonWithoutReference } from "./DW903-singleton-without-reference.ts";
import { overwrittenOwnedField } from "./DW904-overwritten-owned-field.ts";
import { deallocKeepsFields } from "./DW905-dealloc-keeps-fields.ts";
import { cythonMemoryNotFreed } from "./DW906-cython-memory-not-freed.ts";
import type { Rule } from "./rule.ts";

export const ALL_RULES: readonly Rule[] = [
  unusedSuppression,
  unboundedCache,
  leakedMemory,
  leakedReference,
  singletonWithoutReference,
  overwrittenOwnedField,
  deallocKeepsFields,
  cythonMemoryNotFreed,
];
