// Reads the small text languages of the tests token by token.

const TOKEN =
  /\s*(?:(?<comment>#[^\n]*)|(?<newline>\n)|(?<string>'(?:[^'\\]|\\.)*')|(?<number>0x[\da-f]+|\d+)|(?<word>[A-Za-z_<][\w.<>-]*)|(?<sign>~\{|[{}[\](),:;@*=.]))/gy;

export interface Token {
  readonly kind: "string" | "number" | "word" | "sign" | "newline" | "end";
  readonly text: string;
}

/** A position in a text, and the steps forward that grammars are made of. */
export class TokenReader {
  protected readonly tokens: readonly Token[];
  protected at = 0;

  constructor(text: string) {
    this.tokens = tokenize(text);
  }

  protected list(close: string, item: () => void): void {
    this.skipNewlines();
    while (!this.skip(close)) {
      item();
      this.skipNewlines();
      if (this.skip(",")) this.skipNewlines();
    }
  }

  protected size(): number | null {
    if (!this.skip("(")) return null;
    const size = Number(this.take("number").text);
    this.expect(")");
    return size;
  }

  protected string(): string {
    return unquote(this.take("string").text);
  }

  protected take(kind: Token["kind"]): Token {
    const token = this.next();
    if (token.kind !== kind) throw new Error(`expected a ${kind}, found ${token.text}`);
    return token;
  }

  protected expect(sign: string): void {
    if (!this.skip(sign)) throw new Error(`expected ${sign}, found ${this.next().text}`);
  }

  protected skip(sign: string): boolean {
    const isNext = this.isNext("sign", sign);
    if (isNext) this.at++;
    return isNext;
  }

  protected skipNewlines(): void {
    while (this.isNext("newline")) this.at++;
  }

  protected isNext(kind: Token["kind"], text?: string): boolean {
    const token = this.tokens[this.at]!;
    return token.kind === kind && (text === undefined || token.text === text);
  }

  protected next(): Token {
    const token = this.tokens[this.at]!;
    if (token.kind !== "end") this.at++;
    return token;
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const start = TOKEN.lastIndex;
    const match = new RegExp(TOKEN.source.replace("\\s*", "[^\\S\\n]*"), "y");
    match.lastIndex = start;
    const found = match.exec(source);
    if (found === null) throw new Error(`cannot read: ${source.slice(start, start + 30)}`);
    TOKEN.lastIndex = match.lastIndex;
    for (const kind of ["newline", "string", "number", "word", "sign"] as const) {
      const group = found.groups?.[kind];
      if (group !== undefined) tokens.push({ kind, text: group });
    }
  }
  return [...tokens, { kind: "end", text: "the end" }];
}

export function unquote(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/g, "$1");
}
