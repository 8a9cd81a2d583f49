// Any report as one JSON document. Characters that a terminal could obey are escaped, which JSON allows everywhere in
// strings: the document's meaning is the same.

/** DEL, C1, direction marks and overrides, line separators, BOM. C0 is escaped by JSON itself. */
const OBEYED_BY_TERMINALS = /[\u007f-\u009f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** What every `--json` document is: an object that names its schema. */
export interface JsonDocument {
  readonly schema: string;
}

export function renderJson(report: JsonDocument): string {
  return renderForeignJson(report);
}

/** For a stream: one document, one line. */
export function renderJsonLine(report: JsonDocument): string {
  return `${JSON.stringify(report).replace(OBEYED_BY_TERMINALS, escapeCharacter)}\n`;
}

/** A document whose form others have laid down. */
export function renderForeignJson(document: object): string {
  const text = JSON.stringify(document, null, 2);
  return `${text.replace(OBEYED_BY_TERMINALS, escapeCharacter)}\n`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
