// `_Py_DebugOffsets`: what an interpreter from 3.13 on says about its own structs, at the very start of `_PyRuntime`.
// It names too few members to walk a heap with (no dict keys, no collector lists), but enough to catch a build that is
// not what its version number says before anything of a table is believed.
// CPython Include/internal/pycore_runtime.h (3.13), pycore_debug_offsets.h (3.14, 3.15): an 8-byte cookie, then 64-bit words.

import { bytesIn } from "../base/byte-windows.ts";
import type { Addr } from "../base/brand.ts";
import type { Layout } from "./layout.ts";
import { IMAGE_PAGE_BYTES, type MemoryImage } from "./memory-image.ts";

const COOKIE = "xdebugpy";

/** Groups and members in order; `@14`: not before 3.14. A group without a name has one member. */
const GROUPS: readonly (readonly [group: string, members: string])[] = [
  ["runtime_state", "size finalizing interpreters_head"],
  [
    "interpreter_state",
    "size id next threads_head threads_main@14 gc imports_modules sysdict builtins ceval_gil gil_runtime_state " +
      "gil_runtime_state_enabled gil_runtime_state_locked gil_runtime_state_holder code_object_generation@14 tlbc_generation@14",
  ],
  [
    "thread_state",
    "size prev next interp current_frame base_frame@15 last_profiled_frame@15 last_profiled_frame_seq@15 thread_id " +
      "native_thread_id datastack_chunk status holds_gil@15 gil_requested@15 current_exception@15 exc_state@15",
  ],
  ["err_stackitem", "exc_value@15"],
  ["interpreter_frame", "size previous executable instr_ptr localsplus owner stackpointer@14 tlbc_index@14"],
  [
    "code_object",
    "size filename name qualname linetable firstlineno argcount localsplusnames localspluskinds co_code_adaptive co_tlbc@14",
  ],
  ["pyobject", "size ob_type"],
  ["type_object", "size tp_name tp_repr tp_flags tp_basicsize@15 tp_dictoffset@15"],
  ["heap_type_object", "size@15 ht_cached_keys@15"],
  ["tuple_object", "size ob_item ob_size"],
  ["list_object", "size ob_item ob_size"],
  ["set_object", "size@14 used@14 table@14 mask@14"],
  ["dict_object", "size ma_keys ma_values"],
  ["float_object", "size ob_fval"],
  ["long_object", "size lv_tag ob_digit"],
  ["bytes_object", "size ob_size ob_sval"],
  ["unicode_object", "size state length asciiobject_size compactunicodeobject_size@15"],
  ["gc", "size collecting frame@15 generation_stats_size@15 generation_stats@15"],
  ["gen_object", "size@14 gi_name@14 gi_iframe@14 gi_frame_state@14"],
];

/** "thread_state.next" and so on. */
export type DebugOffsetName = `${string}.${string}`;

export interface DebugOffsets {
  /** `PY_VERSION_HEX` of the interpreter that wrote it. */
  readonly versionHex: number;
  readonly isFreeThreaded: boolean;
  /** Null for a member that the version does not have. */
  readonly value: (name: DebugOffsetName) => number | null;
}

const HEADER_WORDS = 3;
const OLDEST_MINOR = 13;
const NEWEST_MINOR = 15;

/** In the order in which a version writes them. */
function namesOf(minor: number): readonly string[] {
  return GROUPS.flatMap(([group, members]) =>
    members.split(" ").flatMap((member) => {
      const [name, since] = member.split("@");
      return Number(since ?? OLDEST_MINOR) <= minor ? [`${group}.${name}`] : [];
    }),
  );
}

/** Bytes to read at `_PyRuntime`: what the version that writes most of them has. */
export const DEBUG_OFFSETS_BYTES: number = (HEADER_WORDS + namesOf(NEWEST_MINOR).length) * 8;

const FIRST_VERSION_WITH_OFFSETS = 0x030d0000;

/** Decodes the bytes at `_PyRuntime`; null when they do not start with the cookie, are too few, or of no version we know. */
export function readDebugOffsets(bytes: Uint8Array): DebugOffsets | null {
  if (bytes.length < HEADER_WORDS * 8) return null;
  if (String.fromCharCode(...bytes.subarray(0, COOKIE.length)) !== COOKIE) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number): number => Number(view.getBigUint64(index * 8, true));
  const versionHex = word(1);
  const minor = (versionHex >>> 16) & 0xff;
  const names = minor < OLDEST_MINOR || minor > NEWEST_MINOR ? [] : namesOf(minor);
  if (names.length === 0 || bytes.length < (HEADER_WORDS + names.length) * 8) return null;
  const values = new Map(names.map((name, i) => [name, word(HEADER_WORDS + i)]));
  return { versionHex, isFreeThreaded: word(2) !== 0, value: (name) => values.get(name) ?? null };
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
  if (found.isFreeThreaded !== (layout.freeThreading !== null)) {
    const kind = found.isFreeThreaded ? "a free-threaded build" : "a build with a GIL";
    return [`The interpreter says that it is ${kind}, whose objects are laid out differently.`];
  }
  return comparable(layout)
    .filter(([name, expected]) => found.value(name) !== null && found.value(name) !== expected)
    .map(
      ([name, expected]) =>
        `The interpreter has ${name} at ${found.value(name)}; the table for Python ${layout.version} says ${expected}.`,
    );
}

// The sizes of the runtime and the interpreter state are left out: they end in tables of interned names, which grow in
// bug-fix releases without moving anything we read.
function comparable(layout: Layout): readonly (readonly [DebugOffsetName, number | null])[] {
  const { runtime, interpreter, thread, interpreterFrame, collector } = layout;
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
    ["interpreter_frame.stackpointer", interpreterFrame?.stackPointer ?? null],
    ...comparableObjects(layout),
    ["gc.collecting", collector.collecting],
    ["gc.generation_stats", collector.statistics.at],
    ["gc.generation_stats_size", collector.statistics.rings?.size ?? null],
  ];
}

function comparableObjects(layout: Layout): readonly (readonly [DebugOffsetName, number | null])[] {
  const { code, type, heapType, dict, set, generator } = layout;
  return [
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
    ["type_object.tp_basicsize", type.basicsize],
    ["type_object.tp_dictoffset", type.dictoffset],
    ["heap_type_object.size", heapType.size],
    ["heap_type_object.ht_cached_keys", heapType.cachedKeys],
    ["set_object.size", set.size],
    ["set_object.used", set.used],
    ["set_object.table", set.table],
    ["set_object.mask", set.mask],
    ["unicode_object.compactunicodeobject_size", layout.unicode.compactSize],
    ["gen_object.gi_name", generator.name],
    ["gen_object.gi_iframe", generator.interpreterFrame],
    ["gen_object.gi_frame_state", generator.frameState],
  ];
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
