// What is known of a rule without running it: lists, catalogues and reports are made of this.

export interface RuleCard {
  /** DW101 */
  readonly code: string;
  /** unbounded-cache */
  readonly name: string;
  /** Row of the mission: L1 to L17, C9. */
  readonly cause: string;
  /** One sentence with the consequence. */
  readonly summary: string;
  /** Codes of other tools that mean the same. */
  readonly twins: readonly string[];
}
