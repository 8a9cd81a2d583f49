// `_Py_DebugOffsets`: what a 3.13 interpreter says about its own structs, at the very start of `_PyRuntime`.
// It names too few members to walk a heap with (no dict keys, no collector lists), but enough to catch a build that is
// not what its version number says before anything of a table is believed.
// CPython 3.13 Include/internal/pycore_runtime.h: an 8-byte cookie, then 64-bit words in the order below.

import { bytesIn } from "../base/byte-windows.ts";
import type { Addr } from "../base/brand.ts";
import type { Layout } from "./layout.ts";
import { IMAGE_PAGE_BYTES, type MemoryImage } from "./memory-image.ts";

const COOKIE = "xdebugpy";

const MEMBERS_313 = {
  runtime_state: ["size", "finalizing", "interpreters_head"],
  interpreter_state: [
    "size",
    "id",
    "next",
    "threads_head",
    "gc",
    "imports_modules",
    "sysdict",
    "builtins",
    "ceval_gil",
    "gil_runtime_state",
    "gil_runtime_state_enabled",
    "gil_runtime_state_locked",
    "gil_runtime_state_holder",
  ],
  thread_state: [
    "size",
    "prev",
    "next",
    "interp",
    "current_frame",
    "thread_id",
    "native_thread_id",
    "datastack_chunk",
    "status",
  ],
  interpreter_frame: ["size", "previous", "executable", "instr_ptr", "localsplus", "owner"],
  code_object: [
    "size",
    "filename",
    "name",
    "qualname",
    "linetable",
    "firstlineno",
    "argcount",
    "localsplusnames",
    "localspluskinds",
    "co_code_adaptive",
  ],
  pyobject: ["size", "ob_type"],
  type_object: ["size", "tp_name", "tp_repr", "tp_flags"],
  tuple_object: ["size", "ob_item", "ob_size"],
  list_object: ["size", "ob_item", "ob_size"],
  dict_object: ["size", "ma_keys", "ma_values"],
  float_object: ["size", "ob_fval"],
  long_object: ["size", "lv_tag", "ob_digit"],
  bytes_object: ["size", "ob_size", "ob_sval"],
  unicode_object: ["size", "state", "length", "asciiobject_size"],
  gc: ["size", "collecting"],
} as const;

/** "thread_state.next" and so on. */
export type DebugOffsetName = {
  [Group in keyof typeof MEMBERS_313]: `${Group}.${(typeof MEMBERS_313)[Group][number]}`;
}[keyof typeof MEMBERS_313];

export interface DebugOffsets {
  /** `PY_VERSION_HEX` of the interpreter that wrote it. */
  readonly versionHex: number;
  readonly isFreeThreaded: boolean;
  readonly value: (name: DebugOffsetName) => number;
}

const HEADER_WORDS = 3;
const NAMES: readonly string[] = Object.entries(MEMBERS_313).flatMap(([group, members]) =>
  members.map((member) => `${group}.${member}`),
);

/** Bytes to read at `_PyRuntime`. */
export const DEBUG_OFFSETS_BYTES: number = (HEADER_WORDS + NAMES.length) * 8;

const FIRST_VERSION_WITH_OFFSETS = 0x030d0000;

/** Decodes the bytes at `_PyRuntime`; null when they do not start with the cookie or are too few. */
export function readDebugOffsets(bytes: Uint8Array): DebugOffsets | null {
  if (bytes.length < DEBUG_OFFSETS_BYTES) return null;
  if (String.fromCharCode(...bytes.subarray(0, COOKIE.length)) !== COOKIE) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number): number => Number(view.getBigUint64(index * 8, true));
  const values = new Map(NAMES.map((name, i) => [name, word(HEADER_WORDS + i)]));
  return { versionHex: word(1), isFreeThreaded: word(2) !== 0, value: (name) => values.get(name) ?? 0 };
}

/** The bytes of `_Py_DebugOffsets` in a copy of the target; fewer when it lies outside the copy. */
export function debugOffsetsIn(image: MemoryImage, runtime: Addr): Uint8Array {
  const run = image.runs.find(
    ({ address, pageCount }) => runtime >= address && runtime < address + pageCount * IMAGE_PAGE_BYTES,
  );
  if (run === undefined) return new Uint8Array(0);
  const end = (run.firstPage + run.pageCount) * IMAGE_PAGE_BYTES;
  const start = run.firstPage * IMAGE_PAGE_BYTES + (runtime - run.address);
  return bytesIn(image.bytes, start, Math.min(end - start, DEBUG_OFFSETS_BYTES));
}

/**
 * Compares the bytes at `_PyRuntime` with the table we are about to use. One sentence per disagreement; none means that
 * they agree, or that the version has no such record (3.12 and older).
 */
export function checkDebugOffsets(bytes: Uint8Array, layout: Layout): readonly string[] {
  if (layout.lastHex < FIRST_VERSION_WITH_OFFSETS) return [];
  const found = readDebugOffsets(bytes);
  if (found === null) return [`The runtime does not start with the record that every Python ${layout.version} has.`];
  if (found.versionHex < layout.firstHex || found.versionHex > layout.lastHex) {
    return [`The runtime says it is version ${hex(found.versionHex)}; the table is for Python ${layout.version}.`];
  }
  if (found.isFreeThreaded)
    return ["The interpreter is a free-threaded build, whose objects are laid out differently."];
  return comparable(layout)
    .filter(([name, expected]) => found.value(name) !== expected)
    .map(
      ([name, expected]) =>
        `The interpreter has ${name} at ${found.value(name)}; the table for Python ${layout.version} says ${expected}.`,
    );
}

// The sizes of the runtime and the interpreter state are left out: they end in tables of interned names, which grow in
// bug-fix releases without moving anything we read.
function comparable(layout: Layout): readonly (readonly [DebugOffsetName, number | null])[] {
  const { runtime, interpreter, thread, interpreterFrame, code, type, dict } = layout;
  return [
    ["runtime_state.interpreters_head", runtime.interpretersHead],
    ["interpreter_state.id", interpreter.id],
    ["interpreter_state.next", interpreter.next],
    ["interpreter_state.threads_head", interpreter.threadsHead],
    ["interpreter_state.gc", interpreter.gc],
    ["interpreter_state.imports_modules", interpreter.modules],
    ["interpreter_state.sysdict", interpreter.sysdict],
    ["interpreter_state.builtins", interpreter.builtins],
    ["thread_state.size", thread.size],
    ["thread_state.next", thread.next],
    ["thread_state.interp", thread.interp],
    ["thread_state.current_frame", thread.currentFrame],
    ["thread_state.thread_id", thread.threadId],
    ["thread_state.native_thread_id", thread.nativeThreadId],
    ["interpreter_frame.previous", interpreterFrame?.previous ?? null],
    ["interpreter_frame.executable", interpreterFrame?.code ?? null],
    ["interpreter_frame.localsplus", interpreterFrame?.localsplus ?? null],
    ["interpreter_frame.owner", interpreterFrame?.owner ?? null],
    ["code_object.size", code.size],
    ["code_object.filename", code.filename],
    ["code_object.name", code.name],
    ["code_object.qualname", code.qualname],
    ["code_object.firstlineno", code.firstLine],
    ["code_object.localsplusnames", code.localsplusNames],
    ["code_object.localspluskinds", code.localsplusKinds],
    ["code_object.co_code_adaptive", code.ownedEnd],
    ["type_object.size", type.size],
    ["type_object.tp_name", type.name],
    ["type_object.tp_flags", type.flags],
    ["tuple_object.ob_item", layout.tupleItems],
    ["list_object.ob_item", layout.list.items],
    ["dict_object.size", dict.size],
    ["dict_object.ma_keys", dict.keys],
    ["dict_object.ma_values", dict.values],
    ["long_object.ob_digit", layout.long.digits],
    ["bytes_object.ob_sval", layout.buffers.bytesHeader],
    ["unicode_object.state", layout.unicode.state],
    ["unicode_object.length", layout.unicode.length],
    ["unicode_object.asciiobject_size", layout.unicode.asciiSize],
    ["gc.collecting", layout.collector.collecting],
  ];
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
