// Answers about a snapshot that are the same every time, kept beside the snapshots: the first picture of a heap of millions is
// there before the heap has been read. A key is made of the content of the snapshot, the version of the tool and the question.

import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface KeptAnswersOptions {
  readonly folder: string;
  readonly toolVersion: string;
}

export interface KeptAnswers {
  /** What was answered before, or null. `question`: plain data. Never throws. */
  read(file: string, question: unknown): Promise<unknown>;
  /** Keeps an answer; where that is not possible nothing is kept. Never throws. */
  keep(file: string, question: unknown, answer: unknown): Promise<void>;
}

/** The oldest go: a picture has some hundred kilobytes. */
const MOST_ANSWERS = 200;
/** What a heap holds is for nobody else's eyes. */
const OWNERS_ONLY = { recursive: true, mode: 0o700 } as const;

export function openKeptAnswers({ folder, toolVersion }: KeptAnswersOptions): KeptAnswers {
  const contents = new Map<string, Promise<string | null>>();
  const place = async (file: string, question: unknown): Promise<string | null> => {
    const content = await contentOf(contents, file);
    if (content === null) return null;
    const key = createHash("sha256")
      .update(JSON.stringify([content, toolVersion, question]))
      .digest("hex");
    return join(folder, `${key.slice(0, 40)}.json`);
  };
  return {
    read: async (file, question) => {
      const path = await place(file, question);
      return path === null ? null : await readAnswer(path);
    },
    keep: async (file, question, answer) => {
      const path = await place(file, question);
      if (path !== null) await writeAnswer(folder, path, answer);
    },
  };
}

/** Files that were hashed: as many as there are on a shelf. */
const MOST_CONTENTS = 200;

/** Hash of a whole file, once for as long as it stays the same; null when it cannot be read. */
async function contentOf(known: Map<string, Promise<string | null>>, file: string): Promise<string | null> {
  const status = await stat(file).catch(() => null);
  if (status === null || !status.isFile()) return null;
  const state = stateOf(file, status);
  const hash = known.get(state) ?? hashOf(file);
  known.delete(state);
  known.set(state, hash);
  for (const oldest of [...known.keys()].slice(0, -MOST_CONTENTS)) known.delete(oldest);
  return await hash;
}

function stateOf(file: string, { dev, ino, size, mtimeMs }: Stats): string {
  return `${dev} ${ino} ${size} ${mtimeMs} ${file}`;
}

async function hashOf(file: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
    return hash.digest("hex");
  } catch {
    return null;
  }
}

async function readAnswer(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, "utf8");
    const now = new Date();
    // The oldest by use are the first to go.
    await utimes(path, now, now).catch(() => undefined);
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

async function writeAnswer(folder: string, path: string, answer: unknown): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await mkdir(folder, OWNERS_ONLY);
    await writeFile(partial, JSON.stringify(answer), { mode: 0o600 });
    await rename(partial, path);
    await forgetOldest(folder);
  } catch {
    // It is computed again the next time.
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

async function forgetOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  if (names.length <= MOST_ANSWERS) return;
  const used = await Promise.all(
    names.map(async (name) => ({ name, usedMs: (await stat(join(folder, name))).mtimeMs })),
  );
  used.sort((a, b) => a.usedMs - b.usedMs);
  for (const { name } of used.slice(0, names.length - MOST_ANSWERS)) await rm(join(folder, name), { force: true });
}
