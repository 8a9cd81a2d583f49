// Servers with TLS and with users that may do only what docs/redis-tier.md says they need; and the Python tests of the tier.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clearOnRedis } from "../../src/app/caches/redis-clear.ts";
import { nodeClient } from "./conformance-node.ts";
import { type PythonDriver, startPython } from "./conformance-python.ts";
import { findServerPrograms } from "./server-programs.ts";
import { makeCertificates, startServer, type TestServer } from "./start-server.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const PAGE = readFileSync(join(import.meta.dirname, "..", "..", "docs", "redis-tier.md"), "utf8");

describe.each(findServerPrograms().map((program) => [program.kind, program] as const))("%s", (kind, program) => {
  if (!("path" in program) || !hasOpenssl) {
    it.skip(`${kind}: ${"path" in program ? "no openssl" : program.reason}`, () => undefined);
    return;
  }
  let server: TestServer;
  let driver: PythonDriver;
  let folder: string;
  let tlsPort: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dw-secured-"));
    const { ca, cert, key } = makeCertificates(folder);
    const probe = await startServer(program);
    tlsPort = probe.port;
    await probe[Symbol.asyncDispose]();
    const tls = [
      "--tls-port",
      String(tlsPort),
      "--tls-ca-cert-file",
      ca,
      "--tls-cert-file",
      cert,
      "--tls-key-file",
      key,
    ];
    server = await startServer(program, { words: [...tls, "--tls-auth-clients", "no"] });
    driver = startPython();
  });
  afterAll(async () => {
    await driver[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it("lets in who knows the certificate's maker, and the user what the page says", async () => {
    const rules = /ACL SETUSER (\w+) on >(\w+) (.+)/g;
    const users = [...PAGE.matchAll(rules)];
    expect(users.map(([, name]) => name)).toEqual(["shop", "operator"]);
    for (const [, name = "", password = "", words = ""] of users)
      expect(await server.ask("ACL", "SETUSER", name, "on", `>${password}`, ...words.trim().split(" "))).toBe(
        "+OK\r\n",
      );
    const urlOf = (at: number): string =>
      `rediss://${users[at]?.[1]}:${users[at]?.[2]}@127.0.0.1:${tlsPort}?ca=${folder}/ca.pem`;
    const define = { name: "f", namespace: "n", arguments: ["x"] };
    await using a = nodeClient(urlOf(0), "shop", define);
    await using b = await driver.client(urlOf(0), "shop", define);
    for (const client of [a, b]) expect(await client.do({ confirmed: true })).toEqual({ confirmed: true });
    expect(await a.do({ call: { x: 1 }, source: 1 })).toEqual({ value: 1, loaded: true });
    expect(await b.do({ call: { x: 1 }, source: 2 })).toEqual({ value: 1, loaded: false });
    const asked = {
      app: "shop",
      selector: "ns:n",
      reason: "a test",
      share: 1,
      isDryRun: false,
      canary: null,
      environment: { DEADWEIGHT_AUDIT: folder, DEADWEIGHT_REDIS_PASSWORD: users[1]?.[2] },
    };
    const withoutPassword = urlOf(1).replace(`:${users[1]?.[2]}@`, "@");
    const report = await clearOnRedis(asked, withoutPassword);
    expect(report).toMatchObject({ ok: true, value: { outcome: "complete" } });
    expect(report.ok && report.value.receipts.length).toBe(2);
    expect(await b.do({ call: { x: 1 }, source: 3 })).toEqual({ value: 3, loaded: true });
  });

  it.each([
    ["a certificate by somebody else", (): string => `rediss://127.0.0.1:${tlsPort}`],
    ["a wrong password", (): string => `redis://shop:wrong@127.0.0.1:${server.port}`],
    ["a port where nobody is", (): string => "redis://127.0.0.1:1"],
  ])("is done without when there is %s", async (_, urlOf) => {
    const define = { name: "f", arguments: ["x"] };
    await using a = nodeClient(urlOf(), "shop", define);
    await using b = await driver.client(urlOf(), "shop", define);
    for (const client of [a, b])
      for (let source = 0; source < 5; source++)
        expect(await client.do({ call: { x: 1 }, source })).toEqual({ value: source, loaded: true });
  });
});
