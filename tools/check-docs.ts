// Holds the prose against the project: links, `npm run X`, `deadweight X` and file names in documents must exist.
// Not a style checker.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import type { GateResult } from "./gate.ts";

/** What the documents may refer to. */
export interface DocumentedWorld {
  readonly root: string;
  readonly scripts: ReadonlySet<string>;
  readonly commands: ReadonlySet<string>;
}

const DOCUMENT_FOLDERS = ["docs", "examples", "bench", "test"];
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
const NPM_RUN = /\bnpm run ([\w:-]+)/g;
const COMMAND = /^(?:\$ )?(?:sudo )?(?:npx )?(?:deadweight|dw) ([a-z][a-z-]*)/;
const PROJECT_PATH = /^(?:src|tools|test|docs|bench|examples|bin)\/[\w./-]*\w\/?$/;

/** `src/cli/commands/NAME.ts` stands for any file. */
const PLACEHOLDER = /NAME|NN/;

/** Checks every Markdown document of the project. */
export function checkDocs(root: string): GateResult {
  const world = readWorld(root);
  const documents = findDocuments(root);
  const problems: string[] = [];
  let looked = 0;
  if (world.commands.size === 0) problems.push("src/cli/commands has no file: no command name could be checked");
  for (const document of documents) {
    const found = checkDocument(document, readFileSync(document, "utf8"), world);
    looked += found.looked;
    problems.push(...found.problems.map((problem) => `${relative(root, document)}: ${problem}`));
  }
  return { problems, looked, unit: "references" };
}

function readWorld(root: string): DocumentedWorld {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const scripts = (manifest as { scripts?: Record<string, string> }).scripts ?? {};
  const folder = join(root, "src/cli/commands");
  const commands = existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.ts$/, "")) : [];
  return { root, scripts: new Set(Object.keys(scripts)), commands: new Set([...commands, "help"]) };
}

function findDocuments(root: string): string[] {
  const top = readdirSync(root).filter((file) => file.endsWith(".md"));
  const below = DOCUMENT_FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
      .map((file) => join(folder, file)),
  );
  return [...top, ...below].map((file) => join(root, file)).toSorted();
}

/** Checks one document; `looked` counts the references it makes. */
export function checkDocument(
  path: string,
  text: string,
  world: DocumentedWorld,
): { readonly looked: number; readonly problems: readonly string[] } {
  const { prose, code } = splitCode(text);
  const verdicts = [
    ...Array.from(prose.matchAll(LINK), (match) => judgeLink(path, text, match[1] ?? "")),
    ...Array.from(text.matchAll(NPM_RUN), (match) => judgeName("npm script", match[1] ?? "", world.scripts)),
    ...code.flatMap((line) => judgeCode(line, world)),
  ];
  return { looked: verdicts.length, problems: verdicts.filter((verdict) => verdict !== "") };
}

/** Empty string: the reference is good. */
function judgeLink(path: string, text: string, target: string): string {
  if (/^[a-z]+:/.test(target)) return "";
  const [file = "", anchor] = target.split("#");
  const resolved = file === "" ? path : resolve(dirname(path), file);
  if (!existsSync(resolved)) return `link to ${target}: no such file`;
  if (anchor === undefined || !resolved.endsWith(".md")) return "";
  const headings = headingsOf(file === "" ? text : readFileSync(resolved, "utf8"));
  return headings.has(anchor) ? "" : `link to ${target}: no such heading`;
}

function judgeName(what: string, name: string, known: ReadonlySet<string>): string {
  return known.has(name) ? "" : `${what} "${name}" does not exist`;
}

function judgeCode(line: string, world: DocumentedWorld): string[] {
  const command = COMMAND.exec(line)?.[1];
  if (command !== undefined) return [judgeName("command", command, world.commands)];
  if (!PROJECT_PATH.test(line) || PLACEHOLDER.test(line)) return [];
  return [existsSync(join(world.root, line)) ? "" : `${line}: no such file`];
}

/** Shell lines and inline code on one side, text without any code on the other. */
function splitCode(text: string): { readonly prose: string; readonly code: readonly string[] } {
  const prose: string[] = [];
  const code: string[] = [];
  let block: string | null = null;
  for (const line of text.split("\n")) {
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence !== null) block = block === null ? (fence[1] ?? "") : null;
    else if (block === null) prose.push(line);
    else if (/^(?:sh|bash|shell|console)$/.test(block)) code.push(line.trim());
  }
  const proseText = prose.join("\n");
  for (const span of proseText.matchAll(/`([^`\n]+)`/g)) code.push(span[1] ?? "");
  return { prose: proseText.replace(/`[^`\n]+`/g, "code"), code };
}

/** The anchors a Markdown viewer gives to the headings. */
function headingsOf(text: string): ReadonlySet<string> {
  const headings = Array.from(text.matchAll(/^#+\s+(.*)$/gm), (match) => match[1] ?? "");
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .trim()
        .replace(/\s/g, "-"),
    ),
  );
}
