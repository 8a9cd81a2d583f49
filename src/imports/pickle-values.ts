// Reads the pickles that `tracemalloc.Snapshot.dump` writes, and no others. A pickle is a program for a stack machine; this
// one knows only the instructions that make numbers, texts, tuples, lists and dicts, and two classes by name, which become
// plain records. Nothing is imported, called or executed; any other instruction ends the reading.
//
// Lib/pickletools.py has the instructions; protocols 4 and 5, which Python 3.8 to 3.14 write.

import { fail, ok, type Result } from "../base/result.ts";

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleClass
  | PickleInstance
  | PickleList
  | PickleDict
  | PickleTuple;
export type PickleTuple = readonly PickleValue[];
/** A list is let go as it is read: its items went to `eachItem`. */
export interface PickleList {
  readonly kind: "list";
}
export interface PickleDict {
  readonly kind: "dict";
  readonly entries: Map<string, PickleValue>;
}
export interface PickleClass {
  readonly kind: "class";
  readonly name: string;
}
export interface PickleInstance {
  readonly kind: "instance";
  readonly of: string;
  readonly state: Map<string, PickleValue>;
}

/** The classes that may appear: `module.name`. */
const CLASSES: ReadonlySet<string> = new Set(["tracemalloc.Snapshot", "tracemalloc._Traces"]);
const MOST_MEMO = 100_000_000;
const MOST_TEXT = 1 << 20;
const decoder = new TextDecoder("utf-8", { fatal: true });

class Refused extends Error {}
const MARK = Symbol("mark");
type Slot = PickleValue | typeof MARK;

/** `bytes`: the whole file. `eachItem` gets the items of lists in order. Fails with the end of a sentence. O(bytes). */
export function readPickle(bytes: Uint8Array, eachItem: (item: PickleValue) => void): Result<PickleValue, string> {
  try {
    return ok(new PickleMachine(bytes, eachItem).run());
  } catch (error) {
    if (error instanceof Refused) return fail(error.message);
    if (error instanceof RangeError) return fail("it ends in the middle of an instruction");
    if (error instanceof TypeError) return fail("a text in it is not UTF-8");
    throw error;
  }
}

class PickleMachine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #eachItem: (item: PickleValue) => void;
  readonly #stack: Slot[] = [];
  readonly #memo: PickleValue[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, eachItem: (item: PickleValue) => void) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#eachItem = eachItem;
  }

  run(): PickleValue {
    if (this.#u8() !== 0x80 || this.#u8() > 5) throw new Refused("it does not begin as a pickle of protocol 4 or 5");
    for (;;) {
      const at = this.#at;
      const code = this.#u8();
      if (code === 0x2e) return this.#end();
      if (!this.#push(code) && !this.#build(code))
        throw new Refused(
          `at byte ${at} it has an instruction (0x${code.toString(16).padStart(2, "0")}) that no snapshot of tracemalloc has`,
        );
    }
  }

  #end(): PickleValue {
    const value = this.#pop();
    if (this.#stack.length > 0 || this.#at !== this.#bytes.length)
      throw new Refused("something is left over at its end");
    return value;
  }

  /** Instructions that put one value on the stack. */
  #push(code: number): boolean {
    const value = this.#value(code);
    if (value === undefined) return false;
    this.#stack.push(value);
    return true;
  }

  #value(code: number): Slot | undefined {
    switch (code) {
      case 0x28:
        return MARK;
      case 0x29:
        return [];
      case 0x4b:
        return this.#u8();
      case 0x4d:
        return this.#u8() + this.#u8() * 256;
      case 0x4a:
        return this.#view.getInt32(this.#take(4), true);
      case 0x8a:
        return this.#long(this.#u8());
      case 0x4e:
        return null;
      case 0x8c:
        return this.#text(this.#u8());
      case 0x58:
        return this.#text(this.#view.getUint32(this.#take(4), true));
      case 0x5d:
        return { kind: "list" };
      case 0x7d:
        return { kind: "dict", entries: new Map() };
      case 0x68:
        return this.#remembered(this.#u8());
      case 0x6a:
        return this.#remembered(this.#view.getUint32(this.#take(4), true));
      default:
        return undefined;
    }
  }

  /** Instructions that make something of what is on the stack. */
  #build(code: number): boolean {
    switch (code) {
      case 0x95: // FRAME: its length is a hint for readers of streams
        this.#take(8);
        return true;
      case 0x94:
        this.#remember();
        return true;
      case 0x85:
      case 0x86:
      case 0x87:
        this.#tuple(code - 0x84);
        return true;
      case 0x74:
        this.#stack.push(this.#sinceMark());
        return true;
      case 0x61:
        this.#append([this.#pop()]);
        return true;
      case 0x65:
        this.#append(this.#sinceMark());
        return true;
      default:
        return this.#buildObject(code);
    }
  }

  #buildObject(code: number): boolean {
    switch (code) {
      case 0x73:
        this.#setItems([this.#pop(), this.#pop()].reverse());
        return true;
      case 0x75:
        this.#setItems(this.#sinceMark());
        return true;
      case 0x93:
        this.#findClass();
        return true;
      case 0x81:
        this.#newInstance();
        return true;
      case 0x62:
        this.#setState();
        return true;
      default:
        return false;
    }
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw new RangeError("end of the pickle");
    this.#at = at + length;
    return at;
  }

  #u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** Sizes of blocks: of at most eight bytes. */
  #long(length: number): number {
    if (length > 8) throw new Refused("a number in it is too large for a size");
    let value = 0;
    const at = this.#take(length);
    for (let i = length - 1; i >= 0; i--) value = value * 256 + this.#view.getUint8(at + i);
    return value;
  }

  #text(length: number): string {
    if (length > MOST_TEXT) throw new Refused(`a text in it has ${length} bytes, and no file name has so many`);
    const at = this.#take(length);
    return decoder.decode(this.#bytes.subarray(at, at + length));
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK) throw new Refused("it takes more values than it makes");
    return value;
  }

  #sinceMark(): PickleValue[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw new Refused("it takes more values than it makes");
    const values = this.#stack.splice(mark).slice(1);
    return values as PickleValue[];
  }

  #tuple(length: number): void {
    const items = Array.from({ length }, () => this.#pop()).reverse();
    this.#stack.push(items);
  }

  #remember(): void {
    if (this.#memo.length >= MOST_MEMO) throw new Refused("it remembers more values than any snapshot");
    const value = this.#pop();
    this.#stack.push(value);
    this.#memo.push(value);
  }

  #remembered(at: number): PickleValue {
    const value = this.#memo[at];
    if (value === undefined) throw new Refused("it asks for a value that it did not keep");
    return value;
  }

  #append(items: readonly PickleValue[]): void {
    if (kindOf(this.#stack.at(-1)) !== "list") throw new Refused("it appends to something that is no list");
    for (const item of items) this.#eachItem(item);
  }

  #setItems(pairs: readonly PickleValue[]): void {
    const dict = this.#stack.at(-1);
    if (!isDict(dict) || pairs.length % 2 !== 0) throw new Refused("it sets items of something that is no dict");
    for (let at = 0; at < pairs.length; at += 2) {
      const key = pairs[at];
      if (typeof key !== "string") throw new Refused("a key in it is no text");
      dict.entries.set(key, pairs[at + 1] ?? null);
    }
  }

  #findClass(): void {
    const name = this.#pop();
    const module = this.#pop();
    if (typeof name !== "string" || typeof module !== "string") throw new Refused("it asks for a class without a name");
    const full = `${module}.${name}`;
    if (!CLASSES.has(full))
      throw new Refused(`it asks for ${full.slice(0, 80)}, and a snapshot of tracemalloc has only its own two classes`);
    this.#stack.push({ kind: "class", name: full });
  }

  #newInstance(): void {
    const given = this.#pop();
    const of = this.#pop();
    if (!isClass(of) || !Array.isArray(given) || given.length > 0)
      throw new Refused("it makes an object in a way that no snapshot does");
    this.#stack.push({ kind: "instance", of: of.name, state: new Map() });
  }

  #setState(): void {
    const state = this.#pop();
    const instance = this.#stack.at(-1);
    if (!isInstance(instance) || !isDict(state)) throw new Refused("it gives a state to something that is no object");
    for (const [name, value] of state.entries) instance.state.set(name, value);
  }
}

function kindOf(value: Slot | undefined): string | null {
  return typeof value === "object" && value !== null && "kind" in value ? value.kind : null;
}
function isDict(value: Slot | undefined): value is PickleDict {
  return kindOf(value) === "dict";
}
function isClass(value: Slot | undefined): value is PickleClass {
  return kindOf(value) === "class";
}
export function isInstance(value: unknown): value is PickleInstance {
  return kindOf(value as Slot | undefined) === "instance";
}
