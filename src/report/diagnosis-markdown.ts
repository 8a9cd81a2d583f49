// A diagnosis as Markdown: for a pull request's comment, an issue, or a job's summary.

import { formatBytes } from "../base/format-bytes.ts";
import { formatCount } from "../base/format-count.ts";
import { formatDuration } from "../base/format-duration.ts";
import { causeName } from "../model/cause-names.ts";
import type { Diagnosis, Leak, MemorySplit } from "../model/diagnosis.ts";
import { leakPlace, leakSentence } from "./diagnosis-words.ts";
import { markdownCode, markdownProse } from "./markdown-text.ts";

export function diagnosisMarkdown(report: Diagnosis): string {
  const { pid, command, python } = report.target;
  const { seconds, samples, snapshots } = report.window;
  const watched = `${formatCount(samples)} samples and ${formatCount(snapshots)} snapshots in ${formatDuration(seconds * 1000)}`;
  const parts = [
    `# deadweight diagnose: ${report.verdict}`,
    `Process ${pid}, ${markdownCode(command.join(" "))}, CPython ${python}; ${watched}.`,
    report.because.map(markdownProse).join(" "),
    ...report.leaks.map(section),
    `## Memory\n\n${memoryTable(report.memory)}`,
    ...report.warnings.map((warning) => `Note: ${markdownProse(warning)}`),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(leak: Leak): string {
  const place = leakPlace(leak);
  const lines = [
    `## ${leak.cause} ${causeName(leak.cause)}: ${markdownCode(leak.holder.path)}`,
    "",
    markdownProse(leakSentence(leak)),
    "",
    ...(place === null ? [] : [`* Put in at ${markdownCode(place)}${codeOf(leak)}`]),
    `* Confidence: ${leak.confidence}`,
    ...leak.because.map((each) => `* ${markdownProse(each)}`),
    ...leak.ruledOut.map(({ what, because }) => `* Not ${markdownProse(what)}: ${markdownProse(because)}`),
    ...(leak.known === null ? [] : [`* Known: ${markdownProse(leak.known.summary)} <${leak.known.url}>`]),
    ...(leak.fix === null ? [] : [`* Fix: ${markdownProse(leak.fix.text)}`]),
    ...(leak.path.length === 0
      ? []
      : ["", "| step | type | entries | verdict |", "|---|---|---|---|", ...leak.path.map(stepRow)]),
    ...patchLines(leak),
  ];
  return lines.join("\n");
}

function codeOf({ sites: [site] }: Leak): string {
  return site === undefined ? "" : `: ${markdownCode(site.code)}`;
}

function stepRow({ edge, type, entries, entriesGrowth, verdict, isFaulty }: Leak["path"][number]): string {
  const grown = entriesGrowth === null || entriesGrowth === 0 ? "" : ` (+${formatCount(entriesGrowth)})`;
  const count = entries === null ? "" : `${formatCount(entries)}${grown}`;
  const mark = isFaulty ? `**${verdict}**, the reference to cut` : verdict;
  return `| ${cell(edge)} | ${cell(type)} | ${count} | ${mark} |`;
}

/** A bar would end the cell, inside code, too. */
function cell(text: string): string {
  return markdownCode(text).replaceAll("|", "\\|");
}

/** Fenced by more tildes than the patch has in a row. */
function patchLines({ fix }: Leak): string[] {
  if (fix === null || fix.patch === null) return [];
  const longest = Math.max(0, ...Array.from(fix.patch.matchAll(/~+/g), ([run]) => run.length));
  const fence = "~".repeat(Math.max(3, longest + 1));
  return ["", `${fence}diff`, fix.patch.trimEnd(), fence];
}

function memoryTable(memory: MemorySplit): string {
  const rows: readonly (readonly [string, number])[] = [
    ["resident", memory.rssBytes],
    ["Python objects", memory.pythonLiveBytes],
    ["free inside Python's allocator", memory.allocatorFreeBytes],
    ["outside Python", memory.nativeBytes],
    ["shared with other processes", memory.sharedBytes],
  ];
  return ["| part | size |", "|---|---|", ...rows.map(([part, bytes]) => `| ${part} | ${formatBytes(bytes)} |`)].join(
    "\n",
  );
}
