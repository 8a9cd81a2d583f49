// The use cases of src/app/caches, loaded when they are called.

import type { Actions } from "./actions.ts";

export const cachesActions: Pick<Actions, "listCaches"> = {
  listCaches: async (asked) => {
    const { listCaches } = await import("../app/caches/list-caches.ts");
    return await listCaches(asked);
  },
};
