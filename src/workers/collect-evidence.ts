// What every rule finds in one file, in one walk that they and the facts share.

import type { ScanProblem } from "../model/finding.ts";
import type { FileView } from "../python/file-view.ts";
import type { Node, NodeKind } from "../python/tree.ts";
import { walk } from "../python/walk.ts";
import type { Json, Rule } from "../rules/rule.ts";

/** One function of one rule. */
interface Visitor {
  /** Row of the rule. */
  readonly rule: number;
  readonly visit: (node: Node, file: FileView, found: (evidence: Json) => void) => void;
}

/** Which visitors see which kind of node, in the order of the rules. Made once for all files of a thread. */
export interface VisitorTable {
  readonly rules: readonly Rule[];
  readonly byKind: ReadonlyMap<NodeKind, readonly Visitor[]>;
}

export function visitorTable(rules: readonly Rule[]): VisitorTable {
  const byKind = new Map<NodeKind, Visitor[]>();
  for (const [rule, { collect }] of rules.entries()) {
    for (const [kind, visit] of collect) {
      const known = byKind.get(kind);
      if (known === undefined) byKind.set(kind, [{ rule, visit }]);
      else known.push({ rule, visit });
    }
  }
  return { rules, byKind };
}

export interface CollectedEvidence {
  /** By code of the rule. */
  readonly evidence: Record<string, Json[]>;
  readonly problems: readonly ScanProblem[];
}

/** `enter` sees every node before the rules do. A rule that throws is out for this file, and that is a problem of the file. */
export function collectEvidence(
  view: FileView,
  { rules, byKind }: VisitorTable,
  enter: (node: Node) => void,
): CollectedEvidence {
  const evidence: Record<string, Json[]> = {};
  const problems: ScanProblem[] = [];
  const isOut = new Uint8Array(rules.length);
  const founds = rules.map(({ code }) => (each: Json): void => {
    (evidence[code] ??= []).push(each);
  });
  /** Goes on after the visitor that has thrown: one guard for all visitors of a node is cheaper than one for each. */
  const guarded = (concerned: readonly Visitor[], node: Node): void => {
    let at = 0;
    while (at < concerned.length) {
      try {
        for (; at < concerned.length; at++) {
          const visitor = concerned[at];
          const found = visitor === undefined ? undefined : founds[visitor.rule];
          if (visitor !== undefined && found !== undefined && isOut[visitor.rule] === 0)
            visitor.visit(node, view, found);
        }
      } catch (error) {
        const rule = concerned[at++]?.rule ?? 0;
        isOut[rule] = 1;
        problems.push(problemOf(view, rules[rule]?.code ?? "", node, error));
      }
    }
  };
  walk(view.tree, (node) => {
    enter(node);
    const concerned = byKind.get(node.kind);
    if (concerned !== undefined) guarded(concerned, node);
  });
  return { evidence, problems };
}

function problemOf(view: FileView, code: string, node: Node, error: unknown): ScanProblem {
  const { line, column } = view.rangeOf(node);
  const words = error instanceof Error ? error.message : String(error);
  const message = `The rule ${code} could not read this because of a bug in deadweight (${words}).`;
  return { file: view.path, line, column, message };
}
