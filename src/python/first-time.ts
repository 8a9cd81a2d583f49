// What an object does once in its life: `if self.started: return`, the work, `self.started = True`.

import { blocksAround, isExit } from "./blocks.ts";
import type { FileView } from "./file-view.ts";
import { remembered } from "./remembered.ts";
import type { Attribute, Expression, Statement } from "./tree.ts";

interface DoneFlag {
  /** Name of the object: `self`. */
  readonly receiver: string;
  /** Where the exit begins, and the assignment. */
  readonly asked: number;
  readonly set: number;
}

/** Whether `place`, an attribute, stands between such a test and assignment of the same object. O(depth), after one look at each block. */
export function isDoneOnce(file: FileView, { object, start }: Attribute): boolean {
  if (object.kind !== "name") return false;
  return blocksAround(file, object).some(({ block }) =>
    remembered(file, doneFlags, block).some(
      ({ receiver, asked, set }) => receiver === object.id && asked < start && start < set,
    ),
  );
}

/** One look from the end of the block, O(statements). */
function doneFlags(block: readonly Statement[]): readonly DoneFlag[] {
  const found: DoneFlag[] = [];
  const setAt = new Map<string, number>();
  for (const each of block.toReversed()) {
    for (const place of placesSet(each)) setAt.set(place.join("."), each.start);
    const asked = isExit(each) ? placeOf(each.test) : null;
    const set = asked === null ? undefined : setAt.get(asked.join("."));
    if (asked !== null && set !== undefined) found.push({ receiver: asked[0], asked: each.start, set });
  }
  return found;
}

/** `self.started`; null for what is no attribute of a name. */
function placeOf(expression: Expression): readonly [receiver: string, name: string] | null {
  return expression.kind === "attribute" && expression.object.kind === "name"
    ? [expression.object.id, expression.name]
    : null;
}

function placesSet(statement: Statement): readonly (readonly [receiver: string, name: string])[] {
  if (statement.kind !== "assign" || statement.value?.kind !== "constant" || statement.value.text !== "True") return [];
  return statement.targets.flatMap((target) => {
    const place = placeOf(target);
    return place === null ? [] : [place];
  });
}
