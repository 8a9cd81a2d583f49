// Makes text from elsewhere safe to show. A key in the target's dict may hold terminal escapes, line breaks or marks that
// turn the reading direction around; none of them may reach a terminal. They stay visible as the escapes Python would write.

/** C0, DEL, C1; soft hyphen; direction marks and overrides; line separators; invisible spaces; BOM; tags; lone surrogates. */
const UNSAFE =
  // eslint-disable-next-line no-control-regex -- control characters are what this file is about
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** `text` with every character that a terminal could obey, or a reader could not see, written as an escape. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}
