// What the formats of `deadweight scan` need besides the report.

import type { RuleCard } from "../model/rule-card.ts";

export interface ScanContext {
  readonly version: string;
  /** Every rule there is, by code. */
  readonly cards: readonly RuleCard[];
  /** The page of a rule as Markdown; null when it is not installed. */
  readonly pageOf: (code: string) => string | null;
  /** False: something that was asked could not be done; the command ends with 2 or 70. */
  readonly isComplete: boolean;
  /** One line of a scanned file without its end; null when it cannot be read any more. */
  readonly lineOf: (file: string, line: number, cell?: number) => string | null;
}
