// Bytes of a Python file to text, as CPython reads them (Lib/tokenize.py, detect_encoding; PEP 263).

/** What is wrong with a source, at a place in its text. */
export interface SourceFault {
  readonly message: string;
  /** UTF-16 offset. */
  readonly offset: number;
}

export interface SourceText {
  /** Line ends as in the file, without the byte order mark. */
  readonly text: string;
  /** As TextDecoder names it; what a changed text has to be written in. */
  readonly encoding: string;
  readonly hasByteOrderMark: boolean;
  readonly faults: readonly SourceFault[];
}

/** Comment of the first or second line; the second counts only if the first holds no code. */
const CODING = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const NO_CODE = /^[ \t\f]*(?:#.*)?$/;

/**
 * The text of a source. Never fails: an unknown encoding is reported and read as Latin-1, bytes that do not fit are
 * reported and replaced.
 */
export function decodeSource(bytes: Uint8Array): SourceText {
  const wide = wideEncoding(bytes);
  if (wide !== null) return unreadWide(wide);
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = hasByteOrderMark ? bytes.subarray(3) : bytes;
  const declared = declaredEncoding(body);
  const known = declared === null ? "utf-8" : decoderName(declared);
  const encoding = hasByteOrderMark ? "utf-8" : (known ?? "iso-8859-1");
  const faults: SourceFault[] = [];
  if (known === null) {
    faults.push({ message: `The encoding "${declared}" is not known; the file is read as Latin-1.`, offset: 0 });
  }
  const text = decode(body, encoding, faults);
  return { text: withoutNul(text, faults), encoding, hasByteOrderMark, faults };
}

/** By its byte order mark, or by the zeros beside the letters that it begins with. */
function wideEncoding(bytes: Uint8Array): string | null {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const zeros = Array.from(bytes.subarray(0, 4), (byte) => (byte === 0 ? "0" : "x")).join("");
  if (zeros === "0x0x") return "utf-16be";
  return zeros === "x0x0" ? "utf-16le" : null;
}

/** Python reads no such source, so nobody can run what it says. */
function unreadWide(encoding: string): SourceText {
  const message = "The file is UTF-16, which Python does not read; save it as UTF-8.";
  return { text: "", encoding, hasByteOrderMark: true, faults: [{ message, offset: 0 }] };
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const head = latin1(bytes.subarray(0, 1024));
  const [first = "", second = ""] = head.split(/\r\n|\r|\n/, 2);
  const found = CODING.exec(first) ?? (NO_CODE.test(first) ? CODING.exec(second) : null);
  return found?.[1]?.toLowerCase() ?? null;
}

/** Python's names that are not the web's; null for one that nobody knows. */
function decoderName(declared: string): string | null {
  const plain = declared.replaceAll("_", "-");
  if (/^utf-?8(-|$)/.test(plain) || plain === "ascii" || plain === "us-ascii") return "utf-8";
  if (/^(latin-?1|iso-?8859-1|iso-latin-1|l1|8859)(-|$)/.test(plain)) return "iso-8859-1";
  const web = plain
    .replace(/^cp-?125/, "windows-125")
    .replace(/^cp(866)$/, "ibm$1")
    .replace(/^cp932$/, "shift-jis");
  try {
    return new TextDecoder(web.replace(/^(mac)-?roman$/, "macintosh")).encoding;
  } catch {
    return null;
  }
}

function decode(bytes: Uint8Array, encoding: string, faults: SourceFault[]): string {
  if (encoding === "iso-8859-1") return latin1(bytes);
  // Node 20 decodes windows-1252 as if it were Latin-1.
  if (encoding === "windows-1252") return latin1(bytes).replace(/[\x80-\x9f]/g, windowsCharacter);
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
    const offset = Math.max(0, text.indexOf("\ufffd"));
    faults.push({
      message: `The file is not valid ${encoding.toUpperCase()}; bytes that do not fit are replaced.`,
      offset,
    });
    return text;
  }
}

/** The web's "latin1" is Windows-1252; Python's is not. */
function latin1(bytes: Uint8Array): string {
  const CHUNK = 8192;
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

/** What Windows-1252 has at 0x80 to 0x9f; five places are empty and stay what they are in Latin-1. */
const WINDOWS_1252 =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

function windowsCharacter(character: string): string {
  return WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character;
}

function withoutNul(text: string, faults: SourceFault[]): string {
  const offset = text.indexOf("\0");
  if (offset < 0) return text;
  faults.push({ message: "The file contains NUL bytes; Python refuses it.", offset });
  return text.replaceAll("\0", " ");
}
