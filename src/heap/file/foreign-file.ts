// Says what a file is that is not a snapshot, from its first bytes, in words that continue "this is ...".

interface Signature {
  readonly bytes: readonly number[];
  readonly at?: number;
  readonly seen: string;
}

/** First match wins. */
const SIGNATURES: readonly Signature[] = [
  { bytes: [0x04, 0x00], at: 16, seen: "an ELF core file" },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], seen: "an ELF program or library" },
  { bytes: [0x1f, 0x8b], seen: "a gzip archive" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], seen: "a zstd archive" },
  { bytes: [0x04, 0x22, 0x4d, 0x18], seen: "an lz4 archive" },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], seen: "an xz archive" },
  { bytes: [0x50, 0x4b, 0x03, 0x04], seen: "a zip archive" },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], seen: "an SQLite database" },
  { bytes: [0x89, 0x50, 0x4e, 0x47], seen: "a PNG image" },
];

const ELF: Signature = { bytes: [0x7f, 0x45, 0x4c, 0x46], seen: "" };
const LOOKED_AT = 512;

/** "an ELF core file", "an empty file", "a text file that begins with ..."; never quotes more than 24 characters. */
export function describeForeignFile(start: Uint8Array): string {
  if (start.length === 0) return "an empty file";
  const isElf = matches(start, ELF);
  const known = SIGNATURES.find((signature) => matches(start, signature) && (signature.at === undefined || isElf));
  if (known !== undefined) return known.seen;
  const head = start.subarray(0, LOOKED_AT);
  return head.every(isTextByte) ? describeText(head) : `binary data that begins with ${hex(start.subarray(0, 8))}`;
}

function matches(start: Uint8Array, { bytes, at = 0 }: Signature): boolean {
  return bytes.every((byte, offset) => start[at + offset] === byte);
}

function describeText(head: Uint8Array): string {
  const text = new TextDecoder().decode(head).trimStart();
  if (text.startsWith('{"snapshot"')) return "a V8 heap snapshot (JSON)";
  if (text.startsWith("{") || text.startsWith("[")) return "a JSON file";
  return `a text file that begins with ${JSON.stringify(text.slice(0, 24))}`;
}

function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
