// `--list-rules`: every rule with its consequence.

import type { RuleCard } from "../model/rule-card.ts";
import { paragraph } from "./prose.ts";
import { renderLines, spaces, span, type TextStyle } from "./text-style.ts";

export function scanRulesText(cards: readonly RuleCard[], style: TextStyle): string {
  return renderLines(
    cards.flatMap((card) => [
      [span(card.code, "strong"), spaces(1), span(card.name, "name"), spaces(1), span(`(${card.cause})`, "faint")],
      ...paragraph([span(card.summary)], style, { first: [spaces(2)], rest: 2 }),
    ]),
    style,
  );
}
