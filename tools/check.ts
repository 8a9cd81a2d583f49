// `npm run check`: every gate at once; prints one line per gate and everything a failed gate said.

import { join } from "node:path";

import { judge } from "./gate.ts";
import { GATES } from "./gates.ts";

const root = join(import.meta.dirname, "..");

async function main(): Promise<void> {
  const started = Date.now();
  const results = await Promise.all(
    GATES.map(async (gate) => {
      const begun = Date.now();
      const result = await gate.run(root);
      return { gate, result, verdict: judge(result), seconds: (Date.now() - begun) / 1000 };
    }),
  );
  for (const { gate, result, verdict, seconds } of results) {
    const mark = verdict.passed ? "ok    " : "FAILED";
    console.log(
      `${mark} ${gate.name.padEnd(10)} looked at ${result.looked ?? 0} ${result.unit} (${seconds.toFixed(1)} s)`,
    );
  }
  const failed = results.filter(({ verdict }) => !verdict.passed);
  for (const { gate, verdict } of failed) console.log(`\n--- ${gate.name}\n${verdict.problems.join("\n")}`);
  const passed = results.length - failed.length;
  console.log(
    `\ncheck: ${passed} gates passed, ${failed.length} failed in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

await main();
