// A query as it was written: what, where, grouped, ordered, how many.

import type { QueryFieldName, QueryGroupName } from "../../model/query-report.ts";

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~";

export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly of: Condition }
  | {
      readonly kind: "text";
      readonly field: "type" | "module" | "text";
      readonly op: "=" | "!=" | "~";
      readonly text: string;
    }
  | {
      readonly kind: "number";
      readonly field: QueryFieldName;
      readonly op: Exclude<Comparison, "~">;
      readonly value: number;
    }
  | { readonly kind: "garbage" };

export interface Order {
  /** `count` orders groups. */
  readonly by: QueryFieldName | "count";
  readonly descending: boolean;
}

export interface QueryTree {
  /** Patterns of types of which one must fit; empty for all objects. */
  readonly types: readonly string[];
  readonly where: Condition | null;
  readonly group: QueryGroupName | null;
  readonly order: Order | null;
  readonly limit: number | null;
}

/** What is wrong, and where it stands in the text. */
export interface QueryError {
  readonly text: string;
  /** UTF-16 units from the beginning. */
  readonly start: number;
  readonly end: number;
  readonly sentence: string;
}

/** The query with a mark under the place, then the sentence. */
export function explainQueryError({ text, start, end, sentence }: QueryError): string {
  const mark = " ".repeat(start) + "^".repeat(Math.max(1, end - start));
  return `${sentence}\n  ${text.replaceAll(/\s/g, " ")}\n  ${mark}`;
}
