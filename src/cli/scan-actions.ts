// The use cases of src/app/scan, loaded when one of them is called: commands that read heaps need no parser.

import { writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { fail, ok } from "../base/result.ts";
import type { Actions } from "./actions.ts";

export const scanActions: Pick<Actions, "scan" | "scanRules" | "explain" | "writeReport" | "serveEditor"> = {
  scan: async ({ stdinName, ...options }) => {
    const { scanProject } = await import("../app/scan/scan-project.ts");
    const stdin = options.paths.includes("-") ? { bytes: await buffer(process.stdin), name: stdinName } : null;
    const answer = await scanProject({ ...options, folder: process.cwd(), stdin });
    return answer.ok ? answer : fail({ code: "scan", message: answer.error });
  },
  scanRules: async () => {
    const { ruleCards, rulePage } = await import("../app/scan/rule-pages.ts");
    return { cards: ruleCards(), pageOf: rulePage };
  },
  explain: async (topic) => {
    const { explainTopic } = await import("../app/explain/explain-topic.ts");
    const report = explainTopic(topic);
    return report.ok ? report : fail({ code: "no-topic", message: report.error });
  },
  writeReport: async (file, text) => {
    try {
      await writeFile(file, text);
      return ok(null);
    } catch (error) {
      const { reasonOf } = await import("../app/scan/discover-files.ts");
      return fail({ code: "not-writable", message: `the report ${file} cannot be written: ${reasonOf(error)}` });
    }
  },
  serveEditor: async (toolVersion) => {
    const { serveLanguage } = await import("../app/scan/serve-language.ts");
    await serveLanguage(toolVersion);
  },
};
