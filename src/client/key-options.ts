// The options of a cache. They belong to its keys: the Python side must name the same ones.

/** Without any: exact types, texts as they are, aware datetimes by their instant alone. */
export interface KeyOptions {
  /** "equal": 1, 1.0, true and decimal("1.00") share a key, and -0.0 and 0.0. */
  readonly numeric?: "exact" | "equal";
  readonly normalize?: "NFC" | "NFD" | "NFKC" | "NFKD";
  readonly casefold?: boolean;
  readonly strip?: boolean;
  /** The same instant in two zones has two keys. */
  readonly zones?: boolean;
}

/** What the encoder asks for at every value. */
export interface KeyRules {
  readonly numbersAlike: boolean;
  readonly zones: boolean;
  /** One spelling of a text; null when texts are taken as they are. */
  readonly spell: ((text: string) => string) | null;
}

export function rulesOf(options: KeyOptions): KeyRules {
  const { normalize, casefold = false, strip = false } = options;
  const isChanged = normalize !== undefined || casefold || strip;
  return {
    numbersAlike: options.numeric === "equal",
    zones: options.zones ?? false,
    spell: isChanged ? (text): string => spellOf(text, normalize, casefold, strip) : null,
  };
}

function spellOf(text: string, form: KeyOptions["normalize"], casefold: boolean, strip: boolean): string {
  const stripped = strip ? text.replace(OUTER_SPACE, "") : text;
  const normal = form === undefined ? stripped : stripped.normalize(form);
  if (!casefold) return normal;
  const folded = caseFold(normal);
  // Folding may take a text out of its normal form.
  return form === undefined ? folded : folded.normalize(form);
}

/** What Python's str.strip removes; trim() takes other characters. */
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const OUTER_SPACE = new RegExp(`^${SPACE}|(?<!${SPACE.slice(0, -1)})${SPACE}$`, "gu");

/** Cherokee folds to its capitals. */
const CHEROKEE = /[\u13a0-\u13fd\uab70-\uabbf]/u;

/**
 * Python's str.casefold. JavaScript has none, but of single characters, lower, upper and lower case in turn give the same: checked for every
 * code point against CPython 3.13 (Unicode 15.1). By the character: toLowerCase of a whole text knows the final sigma.
 */
export function caseFold(text: string): string {
  // eslint-disable-next-line no-control-regex -- ASCII as a whole
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, foldCharacter).join("");
}

function foldCharacter(character: string): string {
  if (CHEROKEE.test(character)) return character.toUpperCase();
  return character === "\u0131" ? character : character.toLowerCase().toUpperCase().toLowerCase();
}
