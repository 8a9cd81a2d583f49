// What the pictures show: the price service as it grows and as it is governed, a page that looks at both, a browser.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenPage, openPage } from "../../test/page/open-page.ts";
import { type Serving, startServing } from "../../test/server/start-serving.ts";
import { findInterpreters } from "../../test/support/interpreters.ts";

export interface Studio extends AsyncDisposable {
  readonly growing: number;
  /** One of two workers. */
  readonly governed: number;
  readonly server: Serving;
  readonly open: OpenPage;
}

const ROOT = join(import.meta.dirname, "../..");

/** Its path is in the pictures, so it has a plain name; where there is such a folder already, nothing is done. */
const FOLDER = join(tmpdir(), "shop");

export async function openStudio(): Promise<Studio> {
  mkdirSync(FOLDER);
  const ends: (() => Promise<void> | void)[] = [() => rmSync(FOLDER, { recursive: true, force: true })];
  const endAll = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    copyFileSync(join(ROOT, "examples/governed/prices.py"), join(FOLDER, "prices.py"));
    const environment = { DEADWEIGHT_CACHES: join(FOLDER, "tables"), DEADWEIGHT_AUDIT: join(FOLDER, "audit") };
    const start = async (...words: readonly string[]): Promise<ChildProcess> => {
      const child = startPrices(words, environment);
      ends.push(async () => await endProcess(child));
      // Its first line says that it is ready.
      if (child.stdout !== null) await once(child.stdout, "data");
      return child;
    };
    const growing = await start();
    const governed = await start("--governed");
    await start("--governed");
    const server = await startServing([], { folder: FOLDER, environment });
    ends.push(async () => await server[Symbol.asyncDispose]());
    const open = await openPage(server);
    ends.push(async () => await open[Symbol.asyncDispose]());
    return { growing: growing.pid ?? 0, governed: governed.pid ?? 0, server, open, [Symbol.asyncDispose]: endAll };
  } catch (error) {
    await endAll();
    throw error;
  }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, "exit");
  child.kill("SIGKILL");
  await over;
}

function startPrices(words: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(findInterpreters().at(-1)?.path ?? "python3", ["prices.py", ...words], {
    cwd: FOLDER,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      ...environment,
      PYTHONPATH: join(ROOT, "python/src"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
}
