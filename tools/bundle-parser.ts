// Writes vendor/pyright-parser.mjs: pyright's parser and tokenizer as one self-contained module, and its licence beside it.
//   npx tsx tools/bundle-parser.ts       does nothing when the bundle is newer than the package and this file
//
// Four modules of the package are replaced on the way in: the messages (fourteen languages and a look into the environment
// for the user's own: only the English sentences of the parser stay), and three that lead to paths, URIs and the file system,
// from which the parser wants no more than a list of errors. Two lines are changed (DEPTH_LIMIT, CODE_POINTS).

import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build, type Plugin } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const PACKAGE = join(ROOT, "node_modules/@zzzen/pyright-internal");
const BUNDLE = join(ROOT, "vendor/pyright-parser.mjs");
const LICENCE = join(ROOT, "vendor/pyright-parser.LICENSE.txt");

/** Chains of operators, calls and attributes are loops in the parser and here: they may be long. Measured: 50,000 terms. */
const DEPTH_LIMIT = { from: "const maxChildNodeDepth = 256;", to: "const maxChildNodeDepth = 50_000;" };

/** `"\\U0001F600"` loses its upper bits there. */
const CODE_POINTS = { from: "String.fromCharCode(hexValue)", to: "String.fromCodePoint(Math.min(hexValue, 0x10ffff))" };

const ENTRY = `
export { Parser, ParseOptions } from "./parser/parser.js";
export { pythonVersion3_15 } from "./common/pythonVersion.js";
`;

/** What parser.js asks of the messages: for each key a function that gives a text, or a form to be filled in. */
function messagesModule(): string {
  const parser = readFileSync(join(PACKAGE, "dist/parser/parser.js"), "utf8");
  const english = readFileSync(join(PACKAGE, "dist/localization/package.nls.en-us.json"), "utf8");
  const { Diagnostic, DiagnosticAddendum } = JSON.parse(english) as Record<string, Record<string, Message>>;
  const table = (name: string, messages: Record<string, Message> | undefined): string => {
    const keys = new Set(
      Array.from(parser.matchAll(new RegExp(`\\.${name}\\.(\\w+)`, "g")), (match) => match[1] ?? ""),
    );
    const rows = Array.from(keys, (key) => {
      const message = messages?.[key];
      if (message === undefined) throw new Error(`the parser says ${key}, and the English messages do not have it`);
      const text = JSON.stringify(typeof message === "string" ? message : message.message);
      const isForm = new RegExp(`\\.${name}\\.${key}\\(\\)\\s*\\.format\\(`).test(parser);
      return `  ${key}: () => ${isForm ? `form(${text})` : text},`;
    });
    return `exports.${name} = {\n${rows.join("\n")}\n};`;
  };
  return `
const form = (text) => ({
  format: (values) => text.replace(/\\{(\\w+)\\}/g, (whole, key) => (key in values ? String(values[key]) : whole)),
});
${table("LocMessage", Diagnostic)}
${table("LocAddendum", DiagnosticAddendum)}
`;
}

type Message = string | { readonly message: string };

/** The parser makes one of its own before it is given ours, and one per quoted annotation. */
const SINK_MODULE = `
exports.DiagnosticSink = class {
  errors = [];
  addError(message, range) { this.errors.push({ message, range }); }
  fetchAndClear() { const { errors } = this; this.errors = []; return errors; }
};
`;
const ADDENDUM_MODULE = `
exports.DiagnosticAddendum = class {
  text = "";
  addMessage(message) { this.text += "\\n" + message; }
  getString() { return this.text; }
};
`;
/** We want offsets; lines are counted in one place (src/python/source-text.ts). */
const POSITIONS_MODULE = "exports.convertOffsetsToRange = (start, end) => ({ start, end });";

const REPLACED: readonly (readonly [RegExp, () => string])[] = [
  [/localization\/localize\.js$/, messagesModule],
  [/common\/diagnosticSink\.js$/, () => SINK_MODULE],
  [/common\/diagnostic\.js$/, () => ADDENDUM_MODULE],
  [/common\/positionUtils\.js$/, () => POSITIONS_MODULE],
];

const CHANGED: readonly (readonly [RegExp, { readonly from: string; readonly to: string }])[] = [
  [/parser\/parser\.js$/, DEPTH_LIMIT],
  [/parser\/stringTokenUtils\.js$/, CODE_POINTS],
];

const replacements: Plugin = {
  name: "replacements",
  setup: (bundler) => {
    for (const [filter, contents] of REPLACED) {
      bundler.onLoad({ filter }, () => ({ contents: contents(), loader: "js" }));
    }
    for (const [filter, { from, to }] of CHANGED) {
      bundler.onLoad({ filter }, ({ path }) => {
        const source = readFileSync(path, "utf8");
        if (!source.includes(from)) throw new Error(`${path} does not say ${from} any more; look for it`);
        return { contents: source.replace(from, to), loader: "js" };
      });
    }
  },
};

function isUpToDate(): boolean {
  const changed = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newest = Math.max(changed(import.meta.filename), changed(join(PACKAGE, "package.json")));
  return changed(LICENCE) > 0 && changed(BUNDLE) > newest;
}

async function bundle(): Promise<void> {
  mkdirSync(join(ROOT, "vendor"), { recursive: true });
  await build({
    stdin: { contents: ENTRY, resolveDir: join(PACKAGE, "dist") },
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "node20",
    minifyWhitespace: true,
    banner: { js: "// @zzzen/pyright-internal, bundled by tools/bundle-parser.ts; see pyright-parser.LICENSE.txt." },
    legalComments: "none",
    plugins: [replacements],
    outfile: BUNDLE,
    logLevel: "error",
  });
  writeFileSync(LICENCE, readFileSync(join(PACKAGE, "LICENSE"), "utf8"));
}

if (!isUpToDate()) await bundle();
