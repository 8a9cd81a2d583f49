// The servers, loaded when they are called for.

import type { Actions } from "./actions.ts";

export const serveActions: Pick<Actions, "serve" | "serveMcp"> = {
  serve: async (asked) => {
    const { serve } = await import("../server/serve.ts");
    return await serve(asked);
  },
  serveMcp: async (options) => {
    const { serveMcp } = await import("../mcp/serve-mcp.ts");
    await serveMcp(options);
  },
};
