// Numbers under `numeric: "equal"`: one spelling for all that Python calls equal.

export type EqualNumber =
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "fraction"; readonly numerator: bigint; readonly denominator: bigint }
  | { readonly type: "decimal"; readonly triple: string };

/** Beyond it the digits are not written out: 1E+999999999 is short, its int is not. As in the Python client. */
const LARGEST_EXPONENT = 5000;
/** Up to here a power of two divides a float exactly in one step. */
const ONE_STEP_BITS = 1000;

export function equalOfNumber(value: number): EqualNumber {
  return Number.isInteger(value) ? { type: "int", value: BigInt(value) } : { type: "float", value };
}

/** A reduced fraction: an int, the float that is exactly equal, or itself. */
export function equalOfFraction(numerator: bigint, denominator: bigint): EqualNumber {
  if (denominator === 1n) return { type: "int", value: numerator };
  const near = exactFloat(numerator, denominator);
  return near === null ? { type: "fraction", numerator, denominator } : { type: "float", value: near };
}

/** The float of an odd number over a power of two, where one is exactly equal. */
function exactFloat(numerator: bigint, denominator: bigint): number | null {
  const bits = denominator.toString(2);
  const size = numerator < 0n ? -numerator : numerator;
  if (bits.lastIndexOf("1") !== 0 || size >= 2n ** 53n) return null;
  const first = Math.min(bits.length - 1, ONE_STEP_BITS);
  const rest = bits.length - 1 - first;
  const scaled = Number(numerator) * 2 ** -first;
  const value = rest > 74 ? 0 : scaled * 2 ** -rest;
  return value !== 0 && value * 2 ** rest === scaled ? value : null;
}

/** A decimal by its triple (`100E-2`). */
export function equalOfDecimal(triple: string): EqualNumber {
  const [digits = "", exponent] = triple.split("E");
  if (exponent === undefined) return { type: "float", value: specialFloat(triple) };
  if (/^-?0$/.test(digits)) return { type: "int", value: 0n };
  const kept = digits.replace(/0+$/, "");
  const power = Number(exponent) + digits.length - kept.length;
  if (Math.abs(power) > LARGEST_EXPONENT) return { type: "decimal", triple: `${kept}E${power}` };
  if (power >= 0) return { type: "int", value: BigInt(kept) * 10n ** BigInt(power) };
  return equalOfReduced(BigInt(kept), -power);
}

/** `digits / 10^power`, where the digits do not end in 0: it is reduced by twos or by fives, never by both. */
function equalOfReduced(digits: bigint, power: number): EqualNumber {
  let numerator = digits;
  let denominator = 10n ** BigInt(power);
  for (const prime of [2n, 5n]) {
    for (let at = 0; at < power && numerator % prime === 0n; at++) {
      numerator /= prime;
      denominator /= prime;
    }
  }
  return equalOfFraction(numerator, denominator);
}

function specialFloat(triple: string): number {
  if (triple.includes("NaN")) return NaN;
  return triple.startsWith("-") ? -Infinity : Infinity;
}
