// Garbage cycles have no holder. Their classes have: where the objects are made, and which line closes the cycle.

import type { CollectorFacts } from "../model/snapshot-meta.ts";
import type { ClassDefinition } from "../python/definitions.ts";
import { callsWhere, fitsNamed } from "./calls-of.ts";
import { functionAtLine } from "./line-owner.ts";
import { projectType } from "./places-on-path.ts";
import { type ProcessSource, siteAt } from "./process-source.ts";
import { rankOf, type RankedLine } from "./rank-sites.ts";
import { NO_JOIN, sitesOf, type JoinAsked, type SourceJoin } from "./source-join.ts";

/** Assigns or hands over the object itself: `child.parent = self`, `nodes.append(self)`. */
const HANDS_OUT_SELF = /(?:\.\w+|\])\s*=\s*self\b(?!\.)|[(,]\s*self\s*[,)]/;

/** By the classes in the cycle, and by what keeps the collector from them. */
export function joinCycle(source: ProcessSource, { holder, mostly, collector }: JoinAsked): SourceJoin {
  const types = [...holder.type.split(", "), mostly ?? ""].map((type) => projectType(type, source.moduleInProject));
  const classes = [...new Set(types.flatMap((type) => source.project.classOf(type) ?? []))];
  const own = classes.filter(({ module }) => source.isOwn(module.path));
  const [first] = own.length > 0 ? own : classes;
  const switches = switchLines(source, collector);
  if (first === undefined) return { ...NO_JOIN, inserts: sitesOf(source, switches) };
  const shown = own.length > 0 ? own : classes;
  return {
    ...NO_JOIN,
    declared: siteAt(source, first.module.path, first.fact.at[0]),
    inserts: sitesOf(source, [
      ...switches,
      ...shown.flatMap((each) => closingLines(source, each)),
      ...shown.flatMap((each) => makings(source, each)),
    ]),
    classes: shown,
  };
}

/** Better than any line that closes a cycle: what is frozen at work stays whether it is part of a cycle or not. */
const FREEZES = -6;
/** In the body of a module: it explains why the cycle stays, and the line that closes it is the one to change. */
const SWITCHES_ONCE = 10;

/** Lines that put objects out of the collector's reach, or switch it off. */
function switchLines(source: ProcessSource, collector: CollectorFacts): readonly RankedLine[] {
  const freezes = collector.permanentObjects > 0 ? callsWhere(source, fitsNamed(["gc.freeze"])) : [];
  const stops = collector.enabled ? [] : callsWhere(source, fitsNamed(["gc.disable", "gc.set_threshold"]));
  const isInFunction = (line: RankedLine): boolean => functionAtLine(source.project, line) !== null;
  return [
    ...freezes.map((line) => ({ ...line, rank: isInFunction(line) ? line.rank + FREEZES : SWITCHES_ONCE })),
    ...stops.map((line) => ({ ...line, rank: SWITCHES_ONCE })),
  ];
}

/** Lines of the class that let go of `self`: not calls of `super()` and methods, which take it by custom. */
function closingLines(source: ProcessSource, { module, fact }: ClassDefinition): readonly RankedLine[] {
  return source
    .linesOf(module.path)
    .slice(fact.at[0], fact.endLine)
    .flatMap((text, at): readonly RankedLine[] => {
      if (!HANDS_OUT_SELF.test(text) || /^\s*(?:async\s+)?def\s|super\(|isinstance\(|^\s*#/.test(text)) return [];
      return [{ file: module.path, line: fact.at[0] + at + 1, rank: -4 }];
    });
}

function makings(source: ProcessSource, { name }: ClassDefinition): readonly RankedLine[] {
  return source.project.makingsOf(name).map(({ caller, module, line, flags }) => ({
    file: module.path,
    line,
    rank: rankOf(source.project, caller, flags),
  }));
}
