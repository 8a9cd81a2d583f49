// PEP 768: an interpreter from 3.14 on takes the path of a script from outside and runs it in its main thread. It says itself
// where to write it, in `_Py_DebugOffsets` at the start of `_PyRuntime`. CPython Include/internal/pycore_debug_offsets.h, whose
// groups and members are listed here in order, because each word's place depends on all before it; Python/remote_debugging.c.

import type { Addr } from "../base/brand.ts";
import type { CallPlan, MemoryWrite } from "./call-plan.ts";
import { type MemoryWords, memoryWords } from "./memory-words.ts";
import type { OutsideReader } from "./memory-image.ts";

/** Words of each group before `debugger_support`; 3 of the head (cookie, version, free_threaded) come first. */
const GROUP_WORDS: Readonly<Record<number, readonly number[]>> = {
  // runtime, interpreter, thread, frame, code, object, type, tuple, list, set, dict, float, long, bytes, unicode, gc, generator, llist
  14: [3, 16, 9, 8, 11, 2, 4, 3, 3, 4, 3, 2, 3, 3, 4, 2, 4, 2],
  // the same with err_stackitem behind thread, and heap_type behind type
  15: [3, 16, 16, 1, 8, 11, 2, 6, 2, 3, 3, 4, 3, 2, 3, 3, 5, 5, 4, 2],
};
const HEAD_WORDS = 3;
const SUPPORT_WORDS = 6;
const COOKIE = "xdebugpy";
/** `MAX_SCRIPT_PATH_SIZE`. */
const PATH_BYTES = 512;
/** `_PY_EVAL_PLEASE_STOP_BIT`, Include/internal/pycore_ceval.h. */
const STOP_BIT = 1 << 5;
const MOST_INTERPRETERS = 256;

/** Minor versions of Python 3 that this is known for. */
export const REMOTE_EXEC_MINORS: readonly number[] = Object.keys(GROUP_WORDS).map(Number);

interface Places {
  readonly interpretersHead: number;
  readonly interpreterId: number;
  readonly interpreterNext: number;
  readonly threadsMain: number;
  readonly threadInterpreter: number;
  readonly breaker: number;
  readonly support: number;
  readonly enabled: number;
  readonly pending: number;
  readonly path: number;
  readonly pathBytes: number;
}

/** `path`: a script that the target can open. The target stands still. */
export function planRemoteExec(memory: OutsideReader, runtime: Addr, versionHex: number, path: string): CallPlan {
  const words = memoryWords(memory);
  const places = readPlaces(words, runtime, versionHex);
  if (typeof places === "string") return { kind: "refused", seen: places };
  const script = new TextEncoder().encode(`${path}\0`);
  if (script.length > places.pathBytes)
    return { kind: "refused", seen: `the path of the script has ${script.length} bytes` };
  const interpreter = mainInterpreter(words, runtime, places);
  const thread = interpreter === null ? null : words.pointer(interpreter + places.threadsMain);
  if (interpreter === null || thread === null || thread === 0)
    return { kind: "busy", seen: "Python is starting or ending: its main thread has no state" };
  if (words.pointer(thread + places.threadInterpreter) !== interpreter)
    return { kind: "refused", seen: "the main thread's state belongs to another interpreter" };
  const enabled = words.i32(interpreter + places.enabled);
  if (enabled === 0) return { kind: "forbidden" };
  if (enabled !== 1) return { kind: "refused", seen: `remote debugging is set to ${enabled}, not 0 or 1` };
  return planWrites(words, places, thread, script);
}

function planWrites(words: MemoryWords, places: Places, thread: Addr, script: Uint8Array): CallPlan {
  const support = thread + places.support;
  const pending = words.i32(support + places.pending);
  const breaker = words.bytes(thread + places.breaker, 8)?.slice();
  if (pending === 1) return { kind: "busy", seen: "another script waits already" };
  if (pending !== 0 || breaker === undefined)
    return { kind: "refused", seen: `the flag of a waiting script is ${pending}` };
  breaker[0] = (breaker[0] ?? 0) | STOP_BIT;
  const writes: MemoryWrite[] = [
    { address: (support + places.path) as Addr, bytes: script },
    { address: (support + places.pending) as Addr, bytes: new Uint8Array([1, 0, 0, 0]) },
    { address: (thread + places.breaker) as Addr, bytes: breaker },
  ];
  return { kind: "write", writes };
}

/** A sentence's part when the record is not what this version has. */
function readPlaces(words: MemoryWords, runtime: Addr, versionHex: number): Places | string {
  const groups = GROUP_WORDS[(versionHex >>> 16) & 0xff];
  if (groups === undefined) return "no table says where this version keeps the path of a script";
  const supportAt = HEAD_WORDS + groups.reduce((sum, count) => sum + count, 0);
  const bytes = words.bytes(runtime, (supportAt + SUPPORT_WORDS) * 8);
  if (bytes === null) return "the start of the runtime state cannot be read";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (index: number): number => Number(view.getBigUint64(index * 8, true));
  if (String.fromCharCode(...bytes.subarray(0, 8)) !== COOKIE)
    return "the runtime state does not begin with its cookie";
  if (word(1) !== versionHex) return `the runtime state says it is version 0x${word(1).toString(16)}`;
  if (word(2) !== 0) return "it is a free-threaded build";
  const thread = HEAD_WORDS + (groups[0] ?? 0) + (groups[1] ?? 0);
  const places: Places = {
    interpretersHead: word(HEAD_WORDS + 2),
    interpreterId: word(HEAD_WORDS + 3 + 1),
    interpreterNext: word(HEAD_WORDS + 3 + 2),
    threadsMain: word(HEAD_WORDS + 3 + 4),
    threadInterpreter: word(thread + 3),
    breaker: word(supportAt),
    support: word(supportAt + 1),
    enabled: word(supportAt + 2),
    pending: word(supportAt + 3),
    path: word(supportAt + 4),
    pathBytes: word(supportAt + 5),
  };
  return fault(places, word(HEAD_WORDS + 3), word(thread)) ?? places;
}

/** `interpreterBytes`, `threadBytes`: sizes of the structs as the record says. */
function fault(places: Places, interpreterBytes: number, threadBytes: number): string | null {
  if (places.pathBytes !== PATH_BYTES) return `the path of a script has ${places.pathBytes} bytes, not ${PATH_BYTES}`;
  const inThread = places.support + places.path + places.pathBytes <= threadBytes && places.breaker < threadBytes;
  const inInterpreter = places.enabled < interpreterBytes && places.threadsMain < interpreterBytes;
  const apart = places.pending + 4 <= places.path;
  return inThread && inInterpreter && apart ? null : "the places it names lie outside of their structs";
}

/** The one with the number 0; the list has the newest first. */
function mainInterpreter(words: MemoryWords, runtime: Addr, places: Places): Addr | null {
  let at = words.pointer(runtime + places.interpretersHead);
  for (let seen = 0; at !== null && at !== 0 && seen < MOST_INTERPRETERS; seen++) {
    if (words.i32(at + places.interpreterId) === 0) return at;
    at = words.pointer(at + places.interpreterNext);
  }
  return null;
}
