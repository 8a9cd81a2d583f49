// Asks the built tool what is the matter with a process.

import { spawn } from "node:child_process";
import type { Diagnosis } from "../../src/model/diagnosis.ts";

/** What diagnose may take beyond the time that it watches, on a busy machine. */
const BEYOND_MS = 120_000;

/** `tool`: its command line, up to the name of the command. Exit code 1 means findings; rejects for any other than 0 and 1. */
export function askDiagnosis(pid: number, tool: readonly string[], watchSeconds: number): Promise<Diagnosis> {
  const [program = process.execPath, ...args] = tool;
  const child = spawn(program, [...args, "diagnose", String(pid), "--for", `${watchSeconds}s`, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: watchSeconds * 1000 + BEYOND_MS,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const said = Buffer.concat(stderr).toString("utf8").trim();
      if (code !== 0 && code !== 1) return reject(new Error(`diagnose ended with ${code ?? signal}: ${said}`));
      try {
        settle(JSON.parse(Buffer.concat(stdout).toString("utf8")) as Diagnosis);
      } catch {
        reject(new Error(`diagnose printed no JSON: ${said}`));
      }
    });
  });
}
