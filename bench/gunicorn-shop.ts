// examples/django on gunicorn workers, and somebody who asks it some hundred times a second.

import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { findInterpreters, type TestInterpreter } from "../test/support/interpreters.ts";
import { packageVenv } from "../test/support/package-venv.ts";

const PROJECT = join(import.meta.dirname, "..");

export const SHOP = "django-shop";
export const SHOP_WORKERS = 4;

export interface Shop extends AsyncDisposable {
  /** From now on it is asked. */
  startTraffic(): void;
}

/** Over connections of its own. */
const TRAFFIC = `const url = process.argv[1];
const ask = async () => { for (let n = 0; ; n++) try { await (await fetch(url + "S" + (n % 200), { headers: { connection: "close" } })).text(); await new Promise((go) => setTimeout(go, 10)); } catch { await new Promise((go) => setTimeout(go, 100)); } };
ask(); ask(); ask();`;

/** The interpreter with all it needs. Throws when there is none. */
export function shopPython(version: string): { readonly python: TestInterpreter; readonly program: string } {
  const python = findInterpreters().findLast((each) => each.version.startsWith(version));
  if (python === undefined) throw new Error(`no Python ${version} here`);
  const venv = packageVenv(python, ["django", "fastapi", "gunicorn>=23", "uvicorn>=0.30", "celery>=5.3"]);
  if ("reason" in venv) throw new Error(venv.reason);
  return { python, program: venv.program };
}

export async function startShop(
  program: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<Shop> {
  const port = await freePort();
  const prices = join(folder, "prices");
  writeFileSync(prices, "100");
  const env = { ...process.env, ...environment, PRICES: prices, PYTHONPATH: join(PROJECT, "python/src") };
  const words = [
    "-m",
    "gunicorn",
    "--workers",
    String(SHOP_WORKERS),
    "--bind",
    `127.0.0.1:${port}`,
    "shop:application",
  ];
  const server = spawn(program, words, { cwd: join(PROJECT, "examples/django"), env, stdio: "ignore" });
  let traffic: ChildProcess | null = null;
  return {
    startTraffic: () => {
      traffic = spawn(process.execPath, ["-e", TRAFFIC, `http://127.0.0.1:${port}/offer/`], { stdio: "ignore" });
    },
    [Symbol.asyncDispose]: async () => {
      if (traffic !== null) await ended(traffic);
      await ended(server);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const address = server.address();
  await new Promise<void>((settle) => server.close(() => settle()));
  return address === null || typeof address === "string" ? 0 : address.port;
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  if (child.exitCode === null && child.signalCode === null) await new Promise((settle) => child.on("exit", settle));
}
