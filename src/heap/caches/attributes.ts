// Attributes of an object by name, wherever the version of Python keeps them: inline, in a shared-key dict, in a plain dict.

import type { Addr, NodeIx } from "../../base/brand.ts";
import { addressOf } from "../analysis/addresses.ts";
import { fieldTarget, roleOf } from "../analysis/edges.ts";
import { mappingEntries } from "../analysis/modules.ts";
import { textOf } from "../analysis/texts.ts";
import type { Snapshot } from "../snapshot.ts";

/** An object with more attributes than this keeps data in them. */
const MOST_ATTRIBUTES = 256;

/** What `node.name` is, or null. O(attributes). */
export function attributeOf(snapshot: Snapshot, node: NodeIx, name: string): NodeIx | null {
  const direct = fieldTarget(snapshot, node, name);
  if (direct !== null) return direct;
  const dict = fieldTarget(snapshot, node, "__dict__");
  return dict === null ? null : (fieldTarget(snapshot, dict, name) ?? valueOf(snapshot, dict, name));
}

/** The value of a text key, or null. */
export function valueOf(snapshot: Snapshot, dict: NodeIx, name: string): NodeIx | null {
  let seen = 0;
  for (const { key, value } of mappingEntries(snapshot, dict)) {
    if (textOf(snapshot.texts, key) === name) return value;
    if (++seen > MOST_ATTRIBUTES) return null;
  }
  return null;
}

/** Address of the int object that an attribute is, or null. */
export function intAttributeAt(snapshot: Snapshot, node: NodeIx, name: string): Addr | null {
  const value = attributeOf(snapshot, node, name);
  return value === null || roleOf(snapshot, value) !== "int" ? null : addressOf(snapshot.nodes, value);
}
