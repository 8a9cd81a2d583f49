// Every rule, by code. A rule that is not here does not run; the gate "rules" notices.

import { unusedSuppression } from "./DW001-unused-suppression.ts";
import { unboundedCache } from "./DW101-unbounded-cache.ts";
import { cacheOnMethod } from "./DW102-cache-on-method.ts";
import { unhashableCacheArgument } from "./DW103-unhashable-cache-argument.ts";
import { identityOnlyCacheKey } from "./DW104-identity-only-cache-key.ts";
import { volatileCacheKey } from "./DW105-volatile-cache-key.ts";
import { equalButDistinctCacheKeys } from "./DW106-equal-but-distinct-cache-keys.ts";
import { cachedCoroutineOrGenerator } from "./DW107-cached-coroutine-or-generator.ts";
import { largeCachedValue } from "./DW108-large-cached-value.ts";
import { mutatedCachedValue } from "./DW109-mutated-cached-value.ts";
import { cacheClearInHotPath } from "./DW110-cache-clear-in-hot-path.ts";
import { cacheClearUnderThreads } from "./DW111-cache-clear-under-threads.ts";
import { cacheClearReachesOneProcess } from "./DW112-cache-clear-reaches-one-process.ts";
import { idAsCacheKey } from "./DW113-id-as-cache-key.ts";
import { growingModuleContainer } from "./DW201-growing-module-container.ts";
import { growingClassContainer } from "./DW202-growing-class-container.ts";
import { growingClosureContainer } from "./DW203-growing-closure-container.ts";
import { mutatedDefaultArgument } from "./DW204-mutated-default-argument.ts";
import { growingInstanceContainer } from "./DW205-growing-instance-container.ts";
import { globalRebindingGrowth } from "./DW206-global-rebinding-growth.ts";
import { localGrowsInEndlessLoop } from "./DW207-local-grows-in-endless-loop.ts";
import { escapingClosureHoldsLarge } from "./DW301-escaping-closure-holds-large.ts";
import { decoratorKeepsPerCallState } from "./DW302-decorator-keeps-per-call-state.ts";
import { decoratorWithoutWraps } from "./DW303-decorator-without-wraps.ts";
import { callbackRegisteredPerCall } from "./DW304-callback-registered-per-call.ts";
import { weakrefToBoundMethod } from "./DW305-weakref-to-bound-method.ts";
import { finalizeHoldsItsObject } from "./DW306-finalize-holds-its-object.ts";
import { weakKeyValueCycle } from "./DW307-weak-key-value-cycle.ts";
import { cyclesWithCollectorOff } from "./DW308-cycles-with-collector-off.ts";
import { resurrectingFinaliser } from "./DW309-resurrecting-finaliser.ts";
import { storedException } from "./DW310-stored-exception.ts";
import { frameStored } from "./DW311-frame-stored.ts";
import { largeLocalInEndlessLoop } from "./DW312-large-local-in-endless-loop.ts";
import { handlerAddedPerCall } from "./DW401-handler-added-per-call.ts";
import { loggerPerId } from "./DW402-logger-per-id.ts";
import { resourceNotClosed } from "./DW403-resource-not-closed.ts";
import { clientPerCall } from "./DW404-client-per-call.ts";
import { unboundedQueue } from "./DW405-unbounded-queue.ts";
import { unboundedExecutorBacklog } from "./DW406-unbounded-executor-backlog.ts";
import { tasksKeptForEver } from "./DW407-tasks-kept-for-ever.ts";
import { perThreadValueNotReset } from "./DW408-contextvar-or-thread-local-not-reset.ts";
import { metricLabelUnbounded } from "./DW409-metric-label-unbounded.ts";
import { threadPerCall } from "./DW410-thread-per-call.ts";
import { monkeypatchChain } from "./DW411-monkeypatch-chain.ts";
import { rawRedisKey } from "./DW501-raw-redis-key.ts";
import { redisKeysOrFlush } from "./DW502-redis-keys-or-flush.ts";
import { redisSetWithoutTtl } from "./DW503-redis-set-without-ttl.ts";
import { scatteredCacheOperations } from "./DW504-scattered-cache-operations.ts";
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
  cacheOnMethod,
  unhashableCacheArgument,
  identityOnlyCacheKey,
  volatileCacheKey,
  equalButDistinctCacheKeys,
  cachedCoroutineOrGenerator,
  largeCachedValue,
  mutatedCachedValue,
  cacheClearInHotPath,
  cacheClearUnderThreads,
  cacheClearReachesOneProcess,
  idAsCacheKey,
  growingModuleContainer,
  growingClassContainer,
  growingClosureContainer,
  mutatedDefaultArgument,
  growingInstanceContainer,
  globalRebindingGrowth,
  localGrowsInEndlessLoop,
  escapingClosureHoldsLarge,
  decoratorKeepsPerCallState,
  decoratorWithoutWraps,
  callbackRegisteredPerCall,
  weakrefToBoundMethod,
  finalizeHoldsItsObject,
  weakKeyValueCycle,
  cyclesWithCollectorOff,
  resurrectingFinaliser,
  storedException,
  frameStored,
  largeLocalInEndlessLoop,
  handlerAddedPerCall,
  loggerPerId,
  resourceNotClosed,
  clientPerCall,
  unboundedQueue,
  unboundedExecutorBacklog,
  tasksKeptForEver,
  perThreadValueNotReset,
  metricLabelUnbounded,
  threadPerCall,
  monkeypatchChain,
  rawRedisKey,
  redisKeysOrFlush,
  redisSetWithoutTtl,
  scatteredCacheOperations,
  leakedMemory,
  leakedReference,
  singletonWithoutReference,
  overwrittenOwnedField,
  deallocKeepsFields,
  cythonMemoryNotFreed,
];
