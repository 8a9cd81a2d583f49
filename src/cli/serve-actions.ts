// The server, loaded when it is called for.

import type { Actions } from "./actions.ts";

export const serveActions: Pick<Actions, "serve"> = {
  serve: async (asked) => {
    const { serve } = await import("../server/serve.ts");
    return await serve(asked);
  },
};
