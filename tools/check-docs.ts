// Holds the prose against the project: links, anchors, pictures, `npm run X`, `deadweight X` and file names in documents must exist, and a
// translation must lead to what the original leads to. Not a style checker.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import type { GateResult } from "./gate.ts";
import { type Picture, type SplitMarkdown, splitMarkdown } from "./split-markdown.ts";

/** What the documents may refer to. */
interface DocumentedWorld {
  readonly root: string;
  readonly scripts: ReadonlySet<string>;
  readonly commands: ReadonlySet<string>;
}

interface Document {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly parts: SplitMarkdown;
}

const DOCUMENT_FOLDERS = ["docs", "examples", "bench", "test"];
const PICTURE_FOLDER = "docs/images";
/** tools/pictures makes them smaller. */
const MOST_PICTURE_BYTES = 80_000;
const NPM_RUN = /\bnpm run ([\w:-]+)/g;
const COMMAND = /^(?:\$ )?(?:sudo )?(?:npx )?(?:deadweight|dw) ([a-z][a-z-]*)/;
const PROJECT_PATH = /^(?:src|tools|test|docs|bench|examples|bin)\/[\w./-]*\w\/?$/;

/** `src/cli/commands/NAME.ts` stands for any file. */
const PLACEHOLDER = /NAME|NN/;

/** Checks every Markdown document of the project. */
export function checkDocs(root: string): GateResult {
  const world = readWorld(root);
  const documents = findDocuments(root).map((path) => {
    const text = readFileSync(path, "utf8");
    return { path, text, parts: splitMarkdown(text) };
  });
  const problems: string[] = [];
  let looked = 0;
  if (world.commands.size === 0) problems.push("src/cli/commands has no file: no command name could be checked");
  for (const document of documents) {
    const verdicts = [...verdictsOn(document, world), ...translationVerdicts(document, documents)];
    looked += verdicts.length;
    const name = relative(root, document.path);
    problems.push(...verdicts.filter((verdict) => verdict !== "").map((verdict) => `${name}: ${verdict}`));
  }
  problems.push(...unshownPictures(root, documents));
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

/** One for each reference that a document makes. Empty: it is good. */
function verdictsOn({ path, text, parts }: Document, world: DocumentedWorld): readonly string[] {
  return [
    ...parts.links.map((target) => judgeLink(path, parts, target)),
    ...parts.pictures.map((picture) => judgePicture(path, picture)),
    ...Array.from(text.matchAll(NPM_RUN), (match) => judgeName("npm script", match[1] ?? "", world.scripts)),
    ...parts.code.flatMap((line) => judgeCode(line, world)),
  ];
}

function judgeLink(path: string, { anchors }: SplitMarkdown, target: string): string {
  if (isElsewhere(target)) return "";
  const [file = "", encoded] = target.split("#");
  const resolved = file === "" ? path : resolve(dirname(path), file);
  if (!existsSync(resolved)) return `link to ${target}: no such file`;
  if (encoded === undefined || !resolved.endsWith(".md")) return "";
  const there = file === "" ? anchors : splitMarkdown(readFileSync(resolved, "utf8")).anchors;
  return there.has(decodeURIComponent(encoded)) ? "" : `link to ${target}: no such heading`;
}

function isElsewhere(target: string): boolean {
  return /^[a-z]+:/.test(target);
}

/** That it exists is said of it as of a link. */
function judgePicture(path: string, { alt, target }: Picture): string {
  if (alt.trim() === "") return `picture ${target}: nothing is said to whom cannot see it`;
  const resolved = resolve(dirname(path), target);
  const bytes = isElsewhere(target) || !existsSync(resolved) ? 0 : statSync(resolved).size;
  return bytes > MOST_PICTURE_BYTES ? `picture ${target}: ${bytes} bytes, ${MOST_PICTURE_BYTES} are allowed` : "";
}

function unshownPictures(root: string, documents: readonly Document[]): readonly string[] {
  const folder = join(root, PICTURE_FOLDER);
  const shown = new Set(
    documents.flatMap(({ path, parts }) => parts.pictures.map(({ target }) => resolve(dirname(path), target))),
  );
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => !shown.has(join(folder, file)))
    .map((file) => `${PICTURE_FOLDER}/${file}: no document shows it`);
}

/** NAME.LANGUAGE.md leads to every file that NAME.md leads to, and has its commands. */
function translationVerdicts(document: Document, documents: readonly Document[]): readonly string[] {
  const original = originalOf(document, documents);
  if (original === undefined) return [];
  const filesOf = ({ parts }: Document): readonly string[] =>
    parts.links
      .map((target) => (isElsewhere(target) ? target : (target.split("#")[0] ?? "")))
      .filter((each) => each !== "");
  const has = new Set([...filesOf(document), relative(dirname(document.path), document.path)]);
  const commands = new Set(commandsIn(document));
  return [
    ...new Set(filesOf(original).map((file) => (has.has(file) ? "" : `does not link ${file}, as the original does`))),
    ...commandsIn(original).map((command) => (commands.has(command) ? "" : `does not have the command ${command}`)),
  ];
}

function originalOf({ path }: Document, documents: readonly Document[]): Document | undefined {
  const original = path.replace(/\.[a-z]{2}(?:-[A-Z]{2})?\.md$/, ".md");
  return original === path ? undefined : documents.find((each) => each.path === original);
}

/** Names of our commands, in order, each once. */
function commandsIn({ parts }: Document): readonly string[] {
  return [...new Set(parts.code.flatMap((line) => COMMAND.exec(line)?.[1] ?? []))];
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
