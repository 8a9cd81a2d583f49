// Writes dumps as PyHeap does (pyheap/src/dumper_inferior.py at 469d206): PyHeap is not on the package index, so its format is
// written here from its source. Dumps of the real tool were read with the same code; docs/imports.md says which.

interface Writable {
  readonly address: number;
  readonly type: number;
  readonly bytes: number;
  /** Pairs of a dict, elements of a list, tuple or set. */
  readonly content?: readonly number[];
  readonly referents?: readonly number[];
  readonly attributes?: Readonly<Record<string, number>>;
  readonly text?: string;
}

export interface PyheapDraft {
  readonly known: Readonly<Record<string, number>>;
  readonly threads?: readonly {
    readonly name: string;
    readonly frames: readonly {
      readonly file: string;
      readonly line: number;
      readonly function: string;
      readonly locals: Readonly<Record<string, number>>;
    }[];
  }[];
  /** Types whose objects have no attributes. */
  readonly common: readonly number[];
  readonly objects: readonly Writable[];
  readonly typeNames: Readonly<Record<number, string>>;
}

const MAGIC = 123_000_321n;
const FREQUENT = ["__doc__", "left"];

/** Bytes of a dump, big-endian. */
export function pyheapBytes({ known, threads = [], common, objects, typeNames }: PyheapDraft): Buffer {
  const to = new Writer();
  to.u64(MAGIC);
  to.u32(1);
  to.text("2026-01-02T03:04:05+00:00");
  to.u64(1n);
  to.rows(Object.entries(known), ([name, address]) => to.named(name, address));
  to.rows(threads, (thread) => writeThread(to, thread));
  to.rows(FREQUENT, (name) => to.text(name));
  to.rows(common, (type) => {
    to.u64(type);
    to.rows([["__doc__", type] as const], ([name, value]) => to.attribute(name, value));
  });
  to.rows(objects, (each) => writeObject(to, each, { known, common }));
  to.rows(Object.entries(typeNames), ([address, name]) => {
    to.u64(Number(address));
    to.text(name);
  });
  to.u64(MAGIC);
  return Buffer.concat(to.parts);
}

function writeThread(to: Writer, { name, frames }: NonNullable<PyheapDraft["threads"]>[number]): void {
  to.text(name);
  to.parts.push(Buffer.of(1, 0));
  to.rows(frames, (frame) => {
    to.text(frame.file);
    to.u32(frame.line);
    to.text(frame.function);
    to.rows(Object.entries(frame.locals), ([local, address]) => to.named(local, address));
  });
}

function writeObject(to: Writer, each: Writable, { known, common }: Pick<PyheapDraft, "known" | "common">): void {
  const isContainer = ["dict", "list", "set", "tuple"].some((name) => known[name] === each.type);
  const { content = [], referents = [], attributes = {}, text = "" } = each;
  to.u64(each.address);
  to.u64(each.type);
  to.u32(each.bytes);
  if (isContainer) {
    to.u32(each.type === known["dict"] ? content.length / 2 : content.length);
    for (const target of content) to.u64(target);
  }
  to.rows(referents, (target) => to.u64(target));
  if (!common.includes(each.type)) to.rows(Object.entries(attributes), ([name, value]) => to.attribute(name, value));
  if (!isContainer) to.text(text);
}

class Writer {
  readonly parts: Buffer[] = [];

  i16(value: number): void {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    this.parts.push(bytes);
  }

  u32(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    this.parts.push(bytes);
  }

  u64(value: bigint | number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    this.parts.push(bytes);
  }

  text(value: string): void {
    this.i16(Buffer.byteLength(value));
    this.parts.push(Buffer.from(value));
  }

  named(name: string, address: number): void {
    this.text(name);
    this.u64(address);
  }

  attribute(name: string, value: number): void {
    const at = FREQUENT.indexOf(name);
    if (at >= 0) this.i16(-at - 1);
    else this.text(name);
    this.u64(value);
  }

  rows<Row>(rows: readonly Row[], write: (row: Row) => void): void {
    this.u32(rows.length);
    for (const row of rows) write(row);
  }
}
