// Text inside Markdown.

/** Sentences have names in backticks; everything else that Markdown or HTML would obey is escaped. */
export function markdownProse(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((piece, at) => (at % 2 === 1 ? piece : piece.replace(/[\\*_[\]<>#|~`@]/g, "\\$&")))
    .join("")
    .replaceAll("\n", " ");
}

export function markdownCode(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
