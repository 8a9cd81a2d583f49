// What stands in a box: as much of a name as it has room for.

/** Of 12-pixel letters, wide ones included: names are cut by their count, since measuring each would take longer. */
const LETTER_PIXELS = 7;
/** Fewer letters say nothing. */
const LEAST_LETTERS = 5;
const WHOLE = "the whole heap";

/** `more`: said too where there is room for both. Empty where nothing that is left would say anything. */
export function labelText(label: string, roomPixels: number, more: string = ""): string {
  const letters = Math.floor(roomPixels / LETTER_PIXELS);
  const name = label === "" ? WHOLE : shortName(label);
  const candidates = [more === "" ? name : `${name}  ${more}`, name, withoutKind(name), lastPart(name)];
  const whole = candidates.find((text) => text.length <= letters);
  if (whole !== undefined) return whole;
  return letters < LEAST_LETTERS ? "" : `${lastPart(name).slice(0, letters - 1)}…`;
}

/** Without what every name begins with. */
export function shortName(label: string): string {
  return label.replace(/^sys\.modules\['(.+?)'\]/, "$1").replace(/^global /, "");
}

/** "shop.sessions" of "module shop.sessions"; "heap" of the whole. */
function withoutKind(name: string): string {
  return name === WHOLE ? "heap" : name.replace(/^module /, "");
}

/** "sessions" of "module shop.sessions", which says more than its beginning. */
function lastPart(name: string): string {
  return /^module [\w.]+\.(\w+)$/.exec(name)?.[1] ?? withoutKind(name);
}
