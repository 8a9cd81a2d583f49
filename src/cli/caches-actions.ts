// The use cases of src/app/caches, loaded when they are called.

import type { Actions } from "./actions.ts";

export const cachesActions: Pick<
  Actions,
  "listCaches" | "adviseCaches" | "clearCaches" | "clearFunction" | "changeSettings" | "undoClear" | "cacheHistory"
> = {
  listCaches: async (asked) => {
    const { listCaches } = await import("../app/caches/list-caches.ts");
    return await listCaches(asked);
  },
  adviseCaches: async (asked) => {
    const { adviseCaches } = await import("../app/caches/advise-caches.ts");
    return await adviseCaches(asked);
  },
  clearCaches: async (asked) => {
    if (asked.redis !== undefined) {
      const { clearOnRedis } = await import("../app/caches/redis-clear.ts");
      return await clearOnRedis(asked, asked.redis);
    }
    const { clearCaches } = await import("../app/caches/clear-caches.ts");
    return await clearCaches(asked);
  },
  clearFunction: async (asked) => {
    const { clearFunction } = await import("../app/caches/clear-function.ts");
    return await clearFunction(asked);
  },
  changeSettings: async (asked) => {
    if (asked.redis !== undefined) {
      const { changeSettingsOnRedis } = await import("../app/caches/redis-settings.ts");
      return await changeSettingsOnRedis(asked, asked.redis);
    }
    const { changeSettings } = await import("../app/caches/change-settings.ts");
    return await changeSettings(asked);
  },
  undoClear: async (asked) => {
    if (asked.redis !== undefined) {
      const { undoOnRedis } = await import("../app/caches/redis-undo.ts");
      return await undoOnRedis(asked, asked.redis);
    }
    const { undoClear } = await import("../app/caches/clear-caches.ts");
    return await undoClear(asked);
  },
  cacheHistory: async (asked) => {
    const { readCacheHistory } = await import("../app/caches/cache-history.ts");
    return readCacheHistory(asked);
  },
};
