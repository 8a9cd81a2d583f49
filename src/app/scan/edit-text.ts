// Applies edits to a text.

import type { TextEdit } from "../../model/finding.ts";

export interface EditGroup {
  /** All or nothing. */
  readonly edits: readonly TextEdit[];
}

/**
 * The groups that can be applied together: a group that touches what an earlier one touches has to wait. An edit that is
 * repeated exactly (two findings add one import) counts once.
 */
export function compatibleGroups<Group extends EditGroup>(groups: readonly Group[]): readonly Group[] {
  const taken: TextEdit[] = [];
  return groups.filter((group) => {
    const fresh = group.edits.filter((edit) => !taken.some((each) => isSameEdit(each, edit)));
    if (fresh.some((edit) => taken.some((each) => isOverlapping(each, edit)))) return false;
    taken.push(...fresh);
    return true;
  });
}

/** `text` with `edits`, which do not overlap. Line breaks in them become those of the text. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  const unique = edits.filter((edit, at) => edits.findIndex((each) => isSameEdit(each, edit)) === at);
  const pieces: string[] = [];
  let at = 0;
  for (const edit of unique.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    pieces.push(text.slice(at, edit.start), lineEnd === "\n" ? edit.text : edit.text.replaceAll("\n", lineEnd));
    at = edit.end;
  }
  return pieces.join("") + text.slice(at);
}

function isSameEdit(a: TextEdit, b: TextEdit): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Two insertions at one place overlap: which comes first is nobody's decision. */
function isOverlapping(a: TextEdit, b: TextEdit): boolean {
  if (a.file !== b.file) return false;
  return (a.start < b.end && b.start < a.end) || a.start === b.start;
}
