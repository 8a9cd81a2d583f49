// HTML as a tagged template: what is put in is escaped, unless it is HTML itself.

/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

/** A sentence of ours, in which what stands in backticks is a name or code. */
export function prose(sentence: string): Html {
  const parts = sentence.split(/`([^`]+)`/);
  return {
    html: parts.map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>`.html : escapeHtml(part))).join(""),
  };
}

type Part = Html | string | number | readonly Html[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((text, at) => text + (at < parts.length ? rendered(parts[at] ?? "") : "")).join("") };
}

export const NO_HTML: Html = { html: "" };

function rendered(part: Part): string {
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return "html" in part ? part.html : part.map((each) => each.html).join("");
}

/** For content and for attributes in double quotes. Control characters and marks that turn the direction are shown as escapes. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(
      // eslint-disable-next-line no-control-regex -- control characters are what this is about
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
