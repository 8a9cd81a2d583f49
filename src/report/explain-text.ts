// `deadweight explain` for people: a page of docs/causes on the terminal, or the list of topics.

import type { ExplainReport, PageSection, Topic } from "../model/explanation.ts";
import { heading, paragraph, sentence } from "./prose.ts";
import { EMPTY_LINE, type Line, renderLines, type Span, spaces, span, type TextStyle } from "./text-style.ts";

export function explainText(report: ExplainReport, style: TextStyle): string {
  const [topic, ...others] = report.topics;
  if (topic === undefined || others.length > 0) return renderLines(listLines(report.topics, style), style);
  return renderLines(topicLines(topic, style), style);
}

function listLines(topics: readonly Topic[], style: TextStyle): Line[] {
  const of = (kind: Topic["kind"]): Line[] =>
    topics.filter((each) => each.kind === kind).flatMap((each) => entryLines(each, style));
  return [
    [span("Causes of leaks", "strong")],
    ...of("cause"),
    ...heading("Growth that is no leak"),
    ...of("verdict"),
    EMPTY_LINE,
    ...sentence("deadweight explain L7 prints a page; deadweight explain DW101 the page of a rule.", style, "faint"),
  ];
}

function entryLines(topic: Topic, style: TextStyle): Line[] {
  const name: Span[] = topic.name === topic.id ? [] : [spaces(1), span(topic.name)];
  return [
    [spaces(2), span(topic.id, "name"), ...name],
    ...paragraph([span(topic.summary.replaceAll("`", ""), "faint")], style, { first: [spaces(6)], rest: 6 }),
  ];
}

function topicLines(topic: Topic, style: TextStyle): Line[] {
  const name = topic.name === topic.id ? "" : ` ${topic.name}`;
  const cause = topic.cause === null || topic.cause === topic.id ? "" : ` (${topic.cause})`;
  return [
    [span(topic.id, "name"), span(name, "strong"), span(cause, "faint")],
    EMPTY_LINE,
    ...proseLines(topic.summary, style),
    ...topic.sections.flatMap((section) => sectionLines(section, style)),
    ...endLines(topic, style),
  ];
}

function sectionLines(section: PageSection, style: TextStyle): Line[] {
  return [...(section.title === "" ? [EMPTY_LINE] : heading(section.title)), ...markdownLines(section.text, style)];
}

function endLines({ rules, knownLeaks }: Topic, style: TextStyle): Line[] {
  const found = rules.length === 0 ? [] : sentence(`Found in source by: ${rules.join(", ")}`, style, "faint");
  const known = knownLeaks.length === 0 ? [] : sentence(`Known in libraries: ${knownLeaks.join(", ")}`, style, "faint");
  return found.length + known.length === 0 ? [] : [EMPTY_LINE, ...found, ...known];
}

/** Paragraphs are wrapped, fenced blocks and tables stay as they are. */
function markdownLines(markdown: string, style: TextStyle): Line[] {
  const lines: Line[] = [];
  let pending: string[] = [];
  let isFenced = false;
  const flush = (): void => {
    if (pending.length > 0) lines.push(...proseLines(pending.join(" "), style));
    pending = [];
  };
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) {
      flush();
      isFenced = !isFenced;
    } else if (isFenced) lines.push([spaces(4), span(line, "command")]);
    else if (line.trim() === "") {
      flush();
      lines.push(EMPTY_LINE);
    } else if (line.startsWith("|")) lines.push([span(line)]);
    else {
      if (/^(?:[-*]|\d+\.) /.test(line)) flush();
      pending.push(line.trim());
    }
  }
  flush();
  return lines;
}

/** A paragraph or an item of a list; code in it is set off by its colour alone. */
function proseLines(text: string, style: TextStyle): Line[] {
  const [, mark = "", rest = text] = /^((?:[-*]|\d+\.) )(.*)$/s.exec(text) ?? [];
  const plain = rest.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("**", "");
  const spans = plain.split("`").map((piece, at) => span(piece, at % 2 === 1 ? "name" : "plain"));
  return paragraph(spans, style, { first: mark === "" ? [] : [span(mark)], rest: mark.length });
}
