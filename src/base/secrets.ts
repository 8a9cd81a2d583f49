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
  if (PREFIXES.some((prefix) => startsWith(bytes, start, prefix))) return true;
  let run = 0;
  let digits = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    const isDigit = byte >= 48 && byte <= 57;
    const isLetter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
    if (!isDigit && !isLetter) {
      run = 0;
      digits = 0;
      continue;
    }
    run += 1;
    if (isDigit) digits += 1;
    if (run >= LONG_RUN && digits >= 4) return true;
  }
  return false;
}

function startsWith(bytes: Uint8Array, start: number, prefix: string): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix.charCodeAt(i)) return false;
  return true;
}
