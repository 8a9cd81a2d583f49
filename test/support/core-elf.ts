// Writes small ELF files for tests: cores with given memory, and libraries that export given names.

export interface TestSegment {
  readonly type?: number;
  readonly flags?: number;
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Claimed instead of `bytes.length`. */
  readonly fileBytes?: number;
}

const HEADER = 64;
const PROGRAM_HEADER = 56;
const PAGE = 4096;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_NOTE = 4;
const READ_WRITE = 6;

/** An ELF64 file of type `type` (3 shared, 4 core); segment contents begin at page boundaries. */
export function elfBytes(type: number, segments: readonly TestSegment[]): Uint8Array {
  const start = Math.ceil((HEADER + segments.length * PROGRAM_HEADER) / PAGE) * PAGE;
  const offsets: number[] = [];
  let size = start;
  for (const { bytes } of segments) {
    offsets.push(size);
    size += Math.ceil(bytes.length / PAGE) * PAGE;
  }
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, type, true);
  view.setUint16(18, 62, true);
  setU64(view, 32, HEADER);
  view.setUint16(52, HEADER, true);
  view.setUint16(54, PROGRAM_HEADER, true);
  view.setUint16(56, segments.length, true);
  segments.forEach((segment, i) => {
    const at = HEADER + i * PROGRAM_HEADER;
    view.setUint32(at, segment.type ?? PT_LOAD, true);
    view.setUint32(at + 4, segment.flags ?? READ_WRITE, true);
    setU64(view, at + 8, offsets[i] ?? 0);
    setU64(view, at + 16, segment.address);
    setU64(view, at + 32, segment.fileBytes ?? segment.bytes.length);
    setU64(view, at + 40, segment.fileBytes ?? segment.bytes.length);
    file.set(segment.bytes, offsets[i]);
  });
  return file;
}

/** One note of a core. */
export function note(type: number, content: Uint8Array, name = "CORE"): Uint8Array {
  const nameBytes = Math.ceil((name.length + 1) / 4) * 4;
  const bytes = new Uint8Array(12 + nameBytes + Math.ceil(content.length / 4) * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, name.length + 1, true);
  view.setUint32(4, content.length, true);
  view.setUint32(8, type, true);
  bytes.set(Buffer.from(name), 12);
  bytes.set(content, 12 + nameBytes);
  return bytes;
}

/** The content of an NT_FILE note. */
export function fileNote(
  unit: number,
  files: readonly { start: number; end: number; units: number; path: string }[],
): Uint8Array {
  const names = Buffer.from(files.map((file) => `${file.path}\0`).join(""));
  const bytes = new Uint8Array(16 + files.length * 24 + names.length);
  const view = new DataView(bytes.buffer);
  setU64(view, 0, files.length);
  setU64(view, 8, unit);
  files.forEach((file, i) =>
    [file.start, file.end, file.units].forEach((value, j) => setU64(view, 16 + i * 24 + j * 8, value)),
  );
  bytes.set(names, 16 + files.length * 24);
  return bytes;
}

export function noteSegment(...notes: readonly Uint8Array[]): TestSegment {
  return { type: PT_NOTE, flags: 4, address: 0, bytes: Buffer.concat(notes) };
}

/**
 * A shared library without section headers: one segment with a SysV hash table of a single chain, as
 * `strip --strip-section-headers` leaves it. Addresses are file offsets.
 */
export function libraryBytes(symbols: Readonly<Record<string, number>>): Uint8Array {
  const names = Object.keys(symbols);
  const strings = Buffer.from(`\0${names.join("\0")}\0`);
  const count = names.length + 1;
  const [hashAt, symbolsAt] = [0, 8 + 4 + count * 4 + (4 - (count % 2) * 4)];
  const stringsAt = symbolsAt + count * 24;
  const base = PAGE;
  const tables = new Uint8Array(stringsAt + strings.length);
  const view = new DataView(tables.buffer);
  [1, count, count === 1 ? 0 : 1].forEach((word, i) => view.setUint32(hashAt + i * 4, word, true));
  for (let i = 1; i < count; i++) view.setUint32(hashAt + 12 + i * 4, i + 1 < count ? i + 1 : 0, true);
  names.forEach((name, i) => {
    const at = symbolsAt + (i + 1) * 24;
    view.setUint32(at, strings.indexOf(`\0${name}\0`) + 1, true);
    view.setUint8(at + 4, 0x11);
    view.setUint16(at + 6, 5, true);
    setU64(view, at + 8, symbols[name] ?? 0);
  });
  tables.set(strings, stringsAt);
  const dynamic = new Uint8Array(64);
  const entries = new DataView(dynamic.buffer);
  [
    [4, base + hashAt],
    [5, base + stringsAt],
    [6, base + symbolsAt],
  ].forEach(([tag = 0, value = 0], i) => {
    setU64(entries, i * 16, tag);
    setU64(entries, i * 16 + 8, value);
  });
  return elfBytes(3, [
    { address: base, bytes: tables },
    { type: PT_DYNAMIC, address: base + Math.ceil(tables.length / PAGE) * PAGE, bytes: dynamic },
  ]);
}

function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}
