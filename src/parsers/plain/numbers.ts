// Literals of numbers.

const NUMBER =
  /0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?[jJ]?/y;

/** Where the number at `start` ends. */
export function endOfNumber(text: string, start: number): number {
  // Most are one digit.
  const second = text.charCodeAt(start + 1);
  if (second < 46 || second === 93 || second === 58) return start + 1;
  NUMBER.lastIndex = start;
  NUMBER.test(text);
  return NUMBER.lastIndex;
}

export function numberType(text: string): "int" | "float" | "complex" {
  if (/^\d+$/.test(text)) return "int";
  if (/^0[xXbBoO]/.test(text)) return "int";
  if (/[jJ]$/.test(text)) return "complex";
  return /[.eE]/.test(text) ? "float" : "int";
}
