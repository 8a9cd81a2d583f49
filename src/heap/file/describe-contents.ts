// What a file of a snapshot would hold: the proof that goes with "structure and names only". Counted from the very
// blocks the writer writes, so that it cannot leave anything out.

import { isNameText } from "../name-text.ts";
import type { Snapshot } from "../snapshot.ts";
import { encodeSnapshot } from "./encode-snapshot.ts";
import { MAX_BLOCK_BYTES, SECTION_IDS, type SectionName } from "./format.ts";

export interface SectionContents {
  readonly section: SectionName;
  readonly rows: number;
  /** Before compression. */
  readonly bytes: number;
}

export interface Contents {
  /** Whether the snapshot says that it keeps values (`--values`). */
  readonly values: boolean;
  readonly sections: readonly SectionContents[];
  /** Objects whose text is in the file. */
  readonly texts: number;
  /** Texts that are no Python name (dots allowed), whole number or path of a source file: 0 when only names are inside. */
  readonly textsBeyondNames: number;
}

export function describeContents(snapshot: Snapshot): Contents {
  return {
    values: snapshot.meta.values,
    sections: sectionContents(snapshot),
    texts: snapshot.texts.node.length,
    textsBeyondNames: countTextsBeyondNames(snapshot),
  };
}

function sectionContents(snapshot: Snapshot): readonly SectionContents[] {
  const buffer = new Uint8Array(MAX_BLOCK_BYTES);
  const names = new Map<number, SectionName>(
    (Object.keys(SECTION_IDS) as SectionName[]).map((name) => [SECTION_IDS[name], name]),
  );
  const contents = new Map<SectionName, SectionContents>();
  for (const { section, rows, bytes } of encodeSnapshot(snapshot, () => buffer)) {
    const name = names.get(section)!;
    const before = contents.get(name) ?? { section: name, rows: 0, bytes: 0 };
    contents.set(name, { section: name, rows: before.rows + rows, bytes: before.bytes + bytes.length });
  }
  return [...contents.values()];
}

function countTextsBeyondNames({ texts }: Snapshot): number {
  const decoder = new TextDecoder();
  let beyond = 0;
  for (let row = 0; row < texts.node.length; row++) {
    const text = decoder.decode(texts.utf8.subarray(texts.start[row], texts.start[row + 1]));
    if (!isNameText(text)) beyond++;
  }
  return beyond;
}
