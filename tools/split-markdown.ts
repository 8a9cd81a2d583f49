// What a Markdown document consists of, as far as the gate of the documents asks.

export interface SplitMarkdown {
  /** Text without any code. */
  readonly prose: string;
  /** Lines of shell blocks, and inline code. */
  readonly code: readonly string[];
  /** Of links and of pictures, in Markdown and in HTML. */
  readonly links: readonly string[];
  readonly pictures: readonly Picture[];
  /** What can stand behind `#`. */
  readonly anchors: ReadonlySet<string>;
}

export interface Picture {
  /** What is said to whom cannot see it. */
  readonly alt: string;
  readonly target: string;
}

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
const PICTURE = /!\[([^\]]*)\]\(([^)\s]+)\)/g;
const HTML_TARGET = /<(?:a|img)\b[^>]*?\b(?:href|src)="([^"]+)"/g;
const HTML_ANCHOR = /<a\b[^>]*?\b(?:id|name)="([^"]+)"/g;

export function splitMarkdown(text: string): SplitMarkdown {
  const { prose: lines, code } = splitBlocks(text);
  for (const span of lines.matchAll(/`([^`\n]+)`/g)) code.push(span[1] ?? "");
  const prose = lines.replace(/`[^`\n]+`/g, "code");
  return {
    prose,
    code,
    links: [LINK, HTML_TARGET].flatMap((pattern) => Array.from(prose.matchAll(pattern), (match) => match[1] ?? "")),
    pictures: Array.from(prose.matchAll(PICTURE), ([, alt = "", target = ""]) => ({ alt, target })),
    anchors: new Set([...headingAnchors(lines), ...Array.from(prose.matchAll(HTML_ANCHOR), (match) => match[1] ?? "")]),
  };
}

/** Shell lines on one side, text outside of blocks on the other. */
function splitBlocks(text: string): { readonly prose: string; readonly code: string[] } {
  const prose: string[] = [];
  const code: string[] = [];
  let block: string | null = null;
  for (const line of text.split("\n")) {
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence !== null) block = block === null ? (fence[1] ?? "") : null;
    else if (block === null) prose.push(line);
    else if (/^(?:sh|bash|shell|console)$/.test(block)) code.push(line.trim());
  }
  return { prose: prose.join("\n"), code };
}

/** As GitHub makes them, in any script; the second of two alike ends with -1. */
function headingAnchors(lines: string): readonly string[] {
  const seen = new Map<string, number>();
  return Array.from(lines.matchAll(/^#+\s+(.*)$/gm), (match) => {
    const anchor = (match[1] ?? "")
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\s-]/gu, "")
      .trim()
      .replace(/\s/g, "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}
