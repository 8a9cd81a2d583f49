// What ends our helpers in a target when we are gone, however we go: they hold one end of a socket and we the other. When the
// kernel closes ours, theirs says so.

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";

export interface Leash extends AsyncDisposable {
  /** Of mode 0700, gone with the leash. */
  readonly folder: string;
  readonly socketPath: string;
}

/** Fails with the end of a sentence. */
export async function openLeash(): Promise<Result<Leash, string>> {
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), "deadweight-"));
  } catch (error) {
    return fail(`no folder can be made in ${tmpdir()}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  // Also when a signal ends us.
  process.once("exit", removeFolder);
  const held = new Set<Socket>();
  const server = createServer((socket) => {
    held.add(socket);
    // The other end closes by ending, in whatever way.
    socket.on("error", () => undefined);
    socket.once("close", () => held.delete(socket));
    socket.resume();
  });
  const socketPath = join(folder, "leash");
  const failure = await new Promise<string | null>((resolve) => {
    server.once("error", ({ message }) => resolve(message));
    server.listen(socketPath, () => resolve(null));
  });
  if (failure !== null) {
    process.off("exit", removeFolder);
    removeFolder();
    return fail(`no socket can be opened in ${folder}: ${failure}`);
  }
  chmodSync(socketPath, 0o600);
  // Whoever waits for the target keeps us running, and nobody else.
  server.unref();
  return ok({
    folder,
    socketPath,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of held) socket.destroy();
      await closed;
      process.off("exit", removeFolder);
      removeFolder();
    },
  });
}
