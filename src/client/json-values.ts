// Values as JSON, and back: what Python and Node read alike, and nothing else. What cannot be said without loss stays in the process.

const HEAD = "dw1 json\n";
const DEPTH = 100;

export const JSON_CODEC = "json";

/** Null, boolean, finite number (whole ones up to 2^53), string, array, plain object. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** The text to be kept; null when the value cannot be. Linear. */
export function sealJson(value: unknown): string | null {
  return isSayable(value, 0) ? HEAD + JSON.stringify(value) : null;
}

/** Null for what is not by `sealJson` or the codec "json" of the Python package, or damaged. */
export function openJson(content: string): { readonly value: JsonValue } | null {
  if (!content.startsWith(HEAD)) return null;
  try {
    return { value: JSON.parse(content.slice(HEAD.length)) as JsonValue };
  } catch {
    return null;
  }
}

function isSayable(value: unknown, depth: number): boolean {
  if (depth > DEPTH) return false;
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return isSayableNumber(value);
    case "object":
      return value === null || isSayableObject(value, depth);
    default:
      return false;
  }
}

/** -0 would come back as 0. */
function isSayableNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function isSayableObject(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    // Holes come back as null.
    for (let at = 0; at < value.length; at++) if (!(at in value) || !isSayable(value[at], depth + 1)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (
    (prototype !== Object.prototype && prototype !== null) ||
    typeof (value as { toJSON?: unknown }).toJSON === "function"
  )
    return false;
  return Object.values(value).every((each) => isSayable(each, depth + 1));
}
