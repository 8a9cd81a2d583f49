// Actions that load the use cases when the first one is called: `--help` and completion need none of them.

import type { Actions } from "./actions.ts";

export function lazyActions(load: () => Promise<Actions>): Actions {
  return {
    examineTarget: async (pid) => await (await load()).examineTarget(pid),
    takeSnapshot: async (target, file, options) => await (await load()).takeSnapshot(target, file, options),
    openHeap: async (source, options) => await (await load()).openHeap(source, options),
    query: async (source, text, options) => await (await load()).query(source, text, options),
    exportHeap: async (asked, reading) => await (await load()).exportHeap(asked, reading),
    listCaches: async (asked) => await (await load()).listCaches(asked),
    adviseCaches: async (asked) => await (await load()).adviseCaches(asked),
    clearCaches: async (asked) => await (await load()).clearCaches(asked),
    clearFunction: async (asked) => await (await load()).clearFunction(asked),
    changeSettings: async (asked) => await (await load()).changeSettings(asked),
    undoClear: async (asked) => await (await load()).undoClear(asked),
    cacheHistory: async (asked) => await (await load()).cacheHistory(asked),
    verify: async (asked) => await (await load()).verify(asked),
    diagnose: async (options) => await (await load()).diagnose(options),
    diagnoseRecording: async (options) => await (await load()).diagnoseRecording(options),
    watch: async (asked) => await (await load()).watch(asked),
    replay: async (asked) => await (await load()).replay(asked),
    runProgram: async (options) => await (await load()).runProgram(options),
    watchCollections: async (asked) => await (await load()).watchCollections(asked),
    attach: async (asked) => await (await load()).attach(asked),
    detach: async (asked) => await (await load()).detach(asked),
    trace: async (asked) => await (await load()).trace(asked),
    processLines: async (asked) => await (await load()).processLines(asked),
    allocationFile: async (file) => await (await load()).allocationFile(file),
    lines: async (asked) => await (await load()).lines(asked),
    scan: async (options) => await (await load()).scan(options),
    scanRules: async () => await (await load()).scanRules(),
    explain: async (topic) => await (await load()).explain(topic),
    writeReport: async (file, text) => await (await load()).writeReport(file, text),
    serve: async (asked) => await (await load()).serve(asked),
    serveMcp: async (options) => await (await load()).serveMcp(options),
    serveEditor: async (toolVersion) => await (await load()).serveEditor(toolVersion),
    diff: async (sources, options, limits) => await (await load()).diff(sources, options, limits),
  };
}
