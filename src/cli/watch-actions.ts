// The use cases of src/app/watch, loaded when they are called.

import type { Actions } from "./actions.ts";

export const watchActions: Pick<Actions, "watch" | "replay" | "diagnoseRecording"> = {
  watch: async (asked) => {
    const { watchFleet } = await import("../app/watch/watch-fleet.ts");
    return await watchFleet(asked);
  },
  diagnoseRecording: async (options) => {
    const { diagnoseRecording } = await import("../app/diagnose/diagnose-recording.ts");
    return await diagnoseRecording(options);
  },
  replay: async (asked) => {
    const { replayRecording } = await import("../app/watch/record/replay-recording.ts");
    return await replayRecording(asked);
  },
};
