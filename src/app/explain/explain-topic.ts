// What `deadweight explain` answers: a cause, a verdict that is no leak, a rule, or the list of all of them.

import { fail, ok, type Result } from "../../base/result.ts";
import { CAUSE_NAMES } from "../../model/cause-names.ts";
import type { ExplainReport, Topic } from "../../model/explanation.ts";
import { ALL_RULES } from "../../rules/all-rules.ts";
import { rulePage } from "../scan/rule-pages.ts";
import { CAUSE_PAGES, causePage } from "./cause-pages.ts";
import { knownLeaks } from "./known-leaks-file.ts";
import { pageOf } from "./page-sections.ts";

/** Sections of L18 that have a word of their own. */
const VERDICTS = ["fragmentation", "filling", "load", "warm-up", "native"] as const;
const NOT_A_LEAK = "L18";

/** `asked` is L7, l07, DW101, a rule's name or a verdict; null asks for the list. The error is a sentence. */
export function explainTopic(asked: string | null): Result<ExplainReport, string> {
  const all = [...causes(), ...verdicts(), ...rules()];
  if (asked === null) {
    return ok({
      schema: "deadweight/explain@1",
      topics: all.filter((each) => each.kind !== "rule").map((each) => ({ ...each, sections: [] })),
    });
  }
  const wanted = normalised(asked);
  const topic = all.find((each) => normalised(each.id) === wanted || normalised(each.name) === wanted);
  if (topic === undefined) {
    return fail(`there is no cause, verdict or rule '${asked}'; 'deadweight explain' lists them`);
  }
  if (topic.sections.length === 0) return fail(`the page of ${topic.id} is not installed with this tool`);
  return ok({ schema: "deadweight/explain@1", topics: [topic] });
}

function causes(): readonly Topic[] {
  return CAUSE_PAGES.map(({ cause }): Topic => {
    const page = causePage(cause);
    return {
      id: cause,
      kind: "cause",
      name: CAUSE_NAMES[cause] ?? cause,
      summary: page?.summary ?? "",
      cause,
      rules: ALL_RULES.filter((rule) => rule.cause === cause).map((rule) => rule.code),
      knownLeaks: knownLeaks().flatMap((leak) => (leak.cause === cause ? [leak.id] : [])),
      sections: page?.sections ?? [],
    };
  });
}

function verdicts(): readonly Topic[] {
  const sections = causePage(NOT_A_LEAK)?.sections ?? [];
  return VERDICTS.map((word): Topic => {
    const section = sections.find((each) => normalised(each.title) === normalised(word));
    const [summary = "", ...rest] = section?.text.split(/\n{2,}/) ?? [];
    return {
      id: word,
      kind: "verdict",
      name: word,
      summary: summary.replaceAll("\n", " "),
      cause: NOT_A_LEAK,
      rules: [],
      knownLeaks: [],
      sections: section === undefined ? [] : [{ title: "", text: rest.join("\n\n") }],
    };
  });
}

function rules(): readonly Topic[] {
  return ALL_RULES.map(
    ({ code, name, cause, summary }): Topic => ({
      id: code,
      kind: "rule",
      name,
      summary,
      cause: /^L\d+$/.test(cause) ? cause : null,
      rules: [],
      knownLeaks: [],
      get sections() {
        return pageOf(rulePage(code) ?? "").sections;
      },
    }),
  );
}

/** L07, l7 and L7 are one. */
function normalised(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s_]+/g, "-")
    .replace(/^l0+(?=\d)/, "l");
}
