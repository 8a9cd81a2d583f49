// What an argument of a cached call may be. Where JavaScript has no such type, a value says which one Python would have:
// `tuple(1, 2)`, `float(1)`. Without a wrapper: whole numbers up to 2^53 and bigints are ints, other numbers floats; arrays are
// lists, plain objects and Maps dicts, Sets sets, Uint8Arrays bytes, Dates aware datetimes, other typed arrays numpy arrays.

/** Marks a value made by a function of this file. One symbol for all copies of the package in a program. */
export const PYTHON: unique symbol = Symbol.for("deadweight.python-value");

/** A value with a Python type that JavaScript has not. */
export interface PythonValue {
  readonly [PYTHON]: PythonForm;
}

export type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export type KeyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | NumberArray
  | PythonValue
  | readonly KeyValue[]
  | ReadonlySet<KeyValue>
  | ReadonlyMap<KeyValue, KeyValue>
  | { readonly [name: string]: KeyValue };

/** How the value is encoded; docs/cache-keys.md. `asIs` keeps the options of a cache away from the texts inside. */
export type PythonForm =
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "complex"; readonly real: number; readonly imaginary: number }
  | { readonly type: "fraction"; readonly numerator: bigint; readonly denominator: bigint }
  | { readonly type: "decimal"; readonly triple: string }
  | { readonly type: "buffer"; readonly flag: number; readonly content: Uint8Array }
  | { readonly type: "tuple"; readonly items: readonly KeyValue[] }
  | { readonly type: "frozenset"; readonly members: Iterable<KeyValue> }
  | { readonly type: "ordered"; readonly entries: Iterable<readonly [KeyValue, KeyValue]> }
  | { readonly type: "member"; readonly classPath: string; readonly name: string | bigint }
  | { readonly type: "record"; readonly classPath: string; readonly fields: Readonly<Record<string, KeyValue>> }
  | { readonly type: "keyed"; readonly classPath: string; readonly key: KeyValue }
  | { readonly type: "datetime"; readonly text: string; readonly zone: string | null }
  | { readonly type: "extension"; readonly kind: string; readonly asIs: boolean; readonly values: readonly KeyValue[] };

export type Microseconds = bigint;

function python(form: PythonForm): PythonValue {
  return { [PYTHON]: form };
}

function extension(kind: string, ...values: readonly KeyValue[]): PythonValue {
  return python({ type: "extension", kind, asIs: true, values });
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new TypeError(what);
}

/** A float, also where the number is whole: `float(1)` is Python's 1.0. */
export function float(value: number): PythonValue {
  return python({ type: "float", value });
}

export function complex(real: number, imaginary: number): PythonValue {
  return python({ type: "complex", real, imaginary });
}

export function tuple(...items: readonly KeyValue[]): PythonValue {
  return python({ type: "tuple", items });
}

export function deque(...values: readonly KeyValue[]): PythonValue {
  return python({ type: "extension", kind: "deque", asIs: false, values });
}

export function frozenset(members: Iterable<KeyValue>): PythonValue {
  return python({ type: "frozenset", members });
}

/** An OrderedDict: two with other orders are two keys. */
export function orderedDict(entries: Iterable<readonly [KeyValue, KeyValue]>): PythonValue {
  return python({ type: "ordered", entries });
}

export function bytearray(content: Uint8Array): PythonValue {
  return python({ type: "buffer", flag: 1, content });
}

export function memoryview(content: Uint8Array): PythonValue {
  return python({ type: "buffer", flag: 2, content });
}

/** A member of an Enum by its name, of a Flag by its number. `classPath` is `module.Class`. */
export function enumMember(classPath: string, name: string | bigint): PythonValue {
  return python({ type: "member", classPath, name });
}

/** A dataclass, attrs class, pydantic model or named tuple: the fields that count for equality, in declared order. */
export function record(classPath: string, fields: Readonly<Record<string, KeyValue>>): PythonValue {
  must(!Object.keys(fields).some((name) => /^\d+$/.test(name)), "a field of a record is a name, not a number");
  return python({ type: "record", classPath, fields });
}

/** An instance of a class with `__cache_key__`: what that method returns. */
export function keyed(classPath: string, key: KeyValue): PythonValue {
  return python({ type: "keyed", classPath, key });
}

/** A Fraction; it is reduced. Throws a TypeError when the denominator is 0. */
export function fraction(numerator: bigint, denominator: bigint): PythonValue {
  must(denominator !== 0n, "a fraction has a denominator other than 0");
  const divisor = greatestDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  return python({ type: "fraction", numerator: numerator / divisor, denominator: denominator / divisor });
}

function greatestDivisor(first: bigint, second: bigint): bigint {
  let [a, b] = [first < 0n ? -first : first, second < 0n ? -second : second];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** A Decimal from its text: `decimal("1.00")` and `decimal("1.0")` are two. Throws a TypeError when it is no number. */
export function decimal(text: string): PythonValue {
  const special = /^([+-]?)(?:(Inf(?:inity)?)|(s?NaN)(\d*))$/i.exec(text);
  if (special !== null) return python({ type: "decimal", triple: specialDecimal(special) });
  const parts = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  must(parts !== null, `${JSON.stringify(text)} is no decimal number`);
  const [, sign = "", whole = "", part = "", power = "0"] = parts ?? [];
  const digits = (whole + part).replace(/^0+/, "") || "0";
  return python({ type: "decimal", triple: `${sign === "-" ? "-" : ""}${digits}E${Number(power) - part.length}` });
}

function specialDecimal([, sign, infinity, name = "", payload = ""]: readonly (string | undefined)[]): string {
  const minus = sign === "-" ? "-" : "";
  if (infinity !== undefined) return `${minus}Infinity`;
  return `${minus}${name.length > 3 ? "sNaN" : "NaN"}${payload.replace(/^0+/, "")}`;
}

/** A UUID, in any case. Throws a TypeError when it is none. */
export function uuid(text: string): PythonValue {
  const lower = text.toLowerCase();
  must(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(lower), `${JSON.stringify(text)} is no UUID`);
  return extension("uuid", lower);
}

/** A pathlib path as `str` gives it: nothing is resolved or shortened. */
export function path(text: string, flavour: "posix" | "windows" = "posix"): PythonValue {
  return extension("path", flavour, text);
}

/** A date, `2024-01-31`. */
export function date(text: string): PythonValue {
  must(/^\d{4}-\d\d-\d\d$/.test(text), `${JSON.stringify(text)} is no date like 2024-01-31`);
  return extension("date", text);
}

/** A naive time of day, `12:00:00` with up to six decimals. */
export function time(text: string): PythonValue {
  const whole = withMicroseconds(text, /^\d\d:\d\d:\d\d$/);
  return extension("time", whole);
}

/** A naive datetime, `2024-01-31T12:00:00` with up to six decimals. For an instant without a wrapper: a Date. */
export function datetime(text: string): PythonValue {
  return python({ type: "datetime", text: withMicroseconds(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/), zone: null });
}

/** An aware datetime by its instant in UTC, `2024-01-31T12:00:00Z` with up to six decimals; `zone` counts with `zones` only. */
export function instant(text: string, zone = "UTC"): PythonValue {
  must(text.endsWith("Z"), `${JSON.stringify(text)} is no instant in UTC like 2024-01-31T12:00:00Z`);
  const whole = withMicroseconds(text.slice(0, -1), /^\d{4,5}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  return python({ type: "datetime", text: `${whole}Z`, zone });
}

function withMicroseconds(text: string, shape: RegExp): string {
  const [whole = "", decimals = ""] = text.split(".");
  must(shape.test(whole) && /^\d{0,6}$/.test(decimals), `${JSON.stringify(text)} is no time like 12:00:00.000000`);
  return `${whole}.${decimals.padEnd(6, "0")}`;
}

export function timedelta(length: Microseconds): PythonValue {
  return extension("timedelta", length);
}

/** A range; two with the same items are one key. Throws a TypeError when `step` is 0. */
export function range(start: bigint, stop: bigint, step = 1n): PythonValue {
  must(step !== 0n, "a range has a step other than 0");
  const reach = step > 0n ? stop - start + step - 1n : start - stop - step - 1n;
  const count = reach > 0n ? reach / (step > 0n ? step : -step) : 0n;
  return extension("range", count, count > 0n ? start : 0n, count > 1n ? step : 1n);
}

/** A compiled pattern of Python's `re`: its source, and its flags as the number Python has (32 for a text without flags). */
export function pattern(source: string | Uint8Array, flags: bigint): PythonValue {
  return extension("pattern", source, flags);
}

/** An IPv4Address or IPv6Address by its 4 or 16 bytes. Throws a TypeError for another number of bytes. */
export function ipAddress(packed: Uint8Array, scope = ""): PythonValue {
  must(packed.length === 4 || packed.length === 16, "an IP address has 4 or 16 bytes");
  return extension(packed.length === 4 ? "IPv4Address" : "IPv6Address", packed, scope);
}

/** A numpy array: its little-endian type (`<f8`), its shape, its bytes in C order with all NaN alike. */
export function ndarray(dtype: string, shape: readonly number[], content: Uint8Array): PythonValue {
  return extension("ndarray", dtype, tuple(...shape), content);
}
