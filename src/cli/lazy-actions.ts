// Actions that load the use cases when the first one is called: `--help` and completion need none of them.

import type { Actions } from "./actions.ts";

export function lazyActions(load: () => Promise<Actions>): Actions {
  return {
    examineTarget: async (pid) => await (await load()).examineTarget(pid),
    takeSnapshot: async (target, file, options) => await (await load()).takeSnapshot(target, file, options),
    openHeap: async (source, options) => await (await load()).openHeap(source, options),
    diff: async (sources, options, limits) => await (await load()).diff(sources, options, limits),
  };
}
