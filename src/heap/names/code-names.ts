// What a code object says about its function: name, file, first line, names of its locals.

import { byteAt } from "../../base/byte-windows.ts";
import { follow, int32At } from "../../cpython/image-access.ts";
import type { Layout } from "../../cpython/layout.ts";
import type { MemoryImage } from "../../cpython/memory-image.ts";
import { NAME_LIMIT, readString } from "../../cpython/read-string.ts";

const LOCALS_LIMIT = 10_000;

export interface CodeDescription {
  /** `co_qualname` where the version has it (3.11+), `co_name` otherwise. */
  readonly qualname: string;
  readonly name: string;
  readonly file: string;
  readonly firstLine: number;
  /** Locals, cells and free variables in the order of the frame's fast locals. */
  readonly localNames: readonly string[];
  readonly freeVariables: readonly string[];
  readonly parameters: readonly string[];
}

export function describeCode(image: MemoryImage, layout: Layout, code: number): CodeDescription {
  const { code: offsets } = layout;
  const text = (offset: number): string =>
    readString(image, layout, follow(image, code + offset / 8), NAME_LIMIT) ?? "?";
  const name = text(offsets.name);
  const locals = localNames(image, layout, code);
  return {
    name,
    qualname: offsets.qualname === null ? name : text(offsets.qualname),
    file: text(offsets.filename),
    firstLine: int32At(image, code, offsets.firstLine),
    parameters: locals.localNames.slice(0, Math.max(0, int32At(image, code, offsets.argumentCount))),
    ...locals,
  };
}

function localNames(
  image: MemoryImage,
  layout: Layout,
  code: number,
): { localNames: string[]; freeVariables: string[] } {
  const { code: offsets } = layout;
  if (offsets.localsplusNames === null) {
    const names = (offset: number | null): string[] =>
      offset === null ? [] : tupleOfStrings(image, layout, follow(image, code + offset / 8));
    const freeVariables = names(offsets.freevars);
    return { localNames: [...names(offsets.varnames), ...names(offsets.cellvars), ...freeVariables], freeVariables };
  }
  const all = tupleOfStrings(image, layout, follow(image, code + offsets.localsplusNames / 8));
  const kinds = follow(image, code + (offsets.localsplusKinds ?? 0) / 8);
  const freeKind = offsets.freeKind ?? 0;
  const kindOf = (i: number): number =>
    kinds <= 0 ? 0 : byteAt(image.bytes, kinds * 8 + layout.buffers.bytesHeader + i);
  return { localNames: all, freeVariables: all.filter((_, i) => (kindOf(i) & freeKind) !== 0) };
}

/** Strings of a tuple of str; "?" for what cannot be read. */
export function tupleOfStrings(image: MemoryImage, layout: Layout, tuple: number): string[] {
  if (tuple <= 0) return [];
  const count = Math.min(image.words[(tuple + layout.objectHead.itemCount / 8) * 2]!, LOCALS_LIMIT);
  return Array.from({ length: count }, (_, i) => {
    const slot = follow(image, tuple + layout.tupleItems / 8 + i);
    return slot <= 0 ? "?" : (readString(image, layout, slot, NAME_LIMIT) ?? "?");
  });
}
