// Recognises texts that look like credentials, so that they are never kept or shown, not even as names.

/** Well-known prefixes of tokens and keys. */
const PREFIXES = [
  "sk_",
  "pk_",
  "rk_",
  "ghp_",
  "gho_",
  "ghs_",
  "github_pat_",
  "xox",
  "AKIA",
  "ASIA",
  "eyJ",
  "glpat",
  "npm_",
  "AIza",
  "hf_",
];
const MIN_TOKEN = 16;
const LONG_RUN = 20;

/**
 * True for bytes that begin like a known credential, or hold a long run of letters and digits mixed as random ones are.
 * Errs on the side of hiding: a hidden name costs a readable path, a shown token costs an account.
 */
export function looksLikeSecret(bytes: Uint8Array, start = 0, end: number = bytes.length): boolean {
  if (end - start < MIN_TOKEN) return false;
  return PREFIXES.some((prefix) => startsWith(bytes, start, prefix)) || hasRandomRun(bytes, start, end);
}

function startsWith(bytes: Uint8Array, start: number, prefix: string): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix.charCodeAt(i)) return false;
  return true;
}

function hasRandomRun(bytes: Uint8Array, start: number, end: number): boolean {
  let run = 0;
  let digits = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    const digit = isDigit(byte);
    run = digit || isLetter(byte) ? run + 1 : 0;
    if (run === 0) digits = 0;
    if (digit) digits += 1;
    if (run >= LONG_RUN && digits >= 4) return true;
  }
  return false;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isLetter(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}

const SECRET_WORD = /(pass(word|wd|phrase)?|secret|token|api[-_]?key|credential|auth|dsn)/i;
const URL_PASSWORD = /^([a-z][a-z0-9+.-]*:\/\/[^/:@\s]*):[^@\s]+@/i;
const HIDDEN = "(hidden)";

const NAME = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const NAME_LIMIT = 200;

/** True for an identifier, or several joined by dots, that does not look like a credential: a name and no value. */
export function isPlainName(text: string): boolean {
  return text.length <= NAME_LIMIT && NAME.test(text) && !looksLikeSecret(new TextEncoder().encode(text));
}

/** A free text (the name of a thread) without passwords in URLs and without words that look like credentials. */
export function redactText(text: string): string {
  const encoder = new TextEncoder();
  return text
    .split(/(\s+)/)
    .map((word) => word.replace(URL_PASSWORD, `$1:${HIDDEN}@`))
    .map((word) => (looksLikeSecret(encoder.encode(word)) && !word.includes(HIDDEN) ? HIDDEN : word))
    .join("");
}

/** A command line without what may be credentials: values of options that say so, passwords in URLs, tokens. */
export function redactCommand(command: readonly string[]): readonly string[] {
  const encoder = new TextEncoder();
  return command.map((argument, i) => {
    const option = /^(-{0,2}[\w-]+)=(.+)$/s.exec(argument);
    if (option !== null && SECRET_WORD.test(option[1] ?? "")) return `${option[1]}=${HIDDEN}`;
    const before = command[i - 1] ?? "";
    if (i > 0 && /^--?[\w-]+$/.test(before) && SECRET_WORD.test(before) && !argument.startsWith("-")) return HIDDEN;
    const url = argument.replace(URL_PASSWORD, `$1:${HIDDEN}@`);
    return url === argument && !argument.includes("/") && looksLikeSecret(encoder.encode(argument)) ? HIDDEN : url;
  });
}

const SECRET_NAME = /(?:pass(?:word|wd|phrase)?|secret|token|api_?key|credential|dsn)\w*["']?\]?\s*(?::[^=]*)?[:=]/i;
const LITERAL = /(["'])((?:\\.|(?!\1)[^\\])*)\1/g;

/** A line of source without texts that look like credentials, and without any where the name says that it is one. */
export function redactSourceLine(line: string): string {
  const isSecret = SECRET_NAME.test(line);
  return redactText(line).replace(LITERAL, (_, quote: string, text: string) =>
    text === "" ? quote + quote : quote + (isSecret ? HIDDEN : redactText(text)) + quote,
  );
}
