// Takes a page of docs/causes or docs/rules apart: title, summary, sections.

import type { PageSection } from "../../model/explanation.ts";

export interface Page {
  readonly title: string;
  /** First paragraph. */
  readonly summary: string;
  readonly sections: readonly PageSection[];
}

/** Headings inside fenced blocks are none. What stands between summary and first heading becomes a section without title. */
export function pageOf(markdown: string): Page {
  const blocks: { title: string; lines: string[] }[] = [{ title: "", lines: [] }];
  let isFenced = false;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) isFenced = !isFenced;
    const heading = isFenced ? null : /^## (.*)$/.exec(line);
    if (heading === null) blocks.at(-1)?.lines.push(line);
    else blocks.push({ title: heading[1] ?? "", lines: [] });
  }
  const [head = { title: "", lines: [] }, ...sections] = blocks;
  const [title = "", summary = "", ...rest] = head.lines
    .join("\n")
    .trim()
    .split(/\n{2,}/);
  const introduction = rest.length === 0 ? [] : [{ title: "", text: rest.join("\n\n") }];
  return {
    title: title.replace(/^# /, ""),
    summary: summary.replaceAll("\n", " "),
    sections: [...introduction, ...sections.map((each) => ({ title: each.title, text: each.lines.join("\n").trim() }))],
  };
}
