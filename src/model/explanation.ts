// `deadweight explain --json`: what a cause, a verdict or a rule means.

/** cause: L1 to L18. verdict: a word that stands for "no leak", a section of L18. rule: DW101 and the like. */
export type TopicKind = "cause" | "verdict" | "rule";

/** A heading of a page with what stands under it, as Markdown. */
export interface PageSection {
  readonly title: string;
  readonly text: string;
}

export interface Topic {
  /** What is asked for: L7, DW101, fragmentation. */
  readonly id: string;
  readonly kind: TopicKind;
  readonly name: string;
  /** One paragraph. */
  readonly summary: string;
  /** Cause that a rule or a verdict belongs to; its own for a cause; null for rules about something else. */
  readonly cause: string | null;
  /** Codes of the rules that find it in source. */
  readonly rules: readonly string[];
  /** Known leaks of libraries with this cause, by their ids in data/known-leaks.json. */
  readonly knownLeaks: readonly string[];
  /** Empty in the list of all topics. */
  readonly sections: readonly PageSection[];
}

export interface ExplainReport {
  readonly schema: "deadweight/explain@1";
  /** The one that was asked for, or all of them without their sections. */
  readonly topics: readonly Topic[];
}
