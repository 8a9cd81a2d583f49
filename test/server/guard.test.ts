// Who may ask the server, tried from outside: strangers, other sites' pages, names that were bent to this address, paths that climb.

import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificates } from "../redis/start-server.ts";
import { refusedServing, type Serving, startServing } from "./start-serving.ts";

const SECRET = join(import.meta.dirname, "../../package.json");

let folder: string;
let server: Serving;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dw-guard-"));
  server = await startServing([], { folder });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** As the page does it. */
async function cookieOf(token: string): Promise<string> {
  const origin = server.address.slice(0, -1);
  const opened = await server.plain("/api/session", { method: "POST", headers: { origin }, body: { token } });
  return opened.headers["set-cookie"]?.[0] ?? "";
}

describe("a visitor", () => {
  it("is told nothing without the token", async () => {
    for (const path of [
      "/api/processes",
      "/api/snapshots",
      "/api/openapi.json",
      "/api/audit?app=shop",
      "/api/nothing",
    ]) {
      const reply = await server.plain(path);
      expect([path, reply.status]).toEqual([path, 401]);
      expect(reply.json()).toMatchObject({ code: "no-session" });
    }
  });

  it("gets a cookie for the token that no script can read and no other site sends", async () => {
    const cookie = await cookieOf(server.token);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    expect(cookie).not.toContain(server.token);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    expect((await server.plain("/api/processes", { headers })).status).toBe(200);
  });

  it.each([
    ["a wrong token", "x".repeat(32)],
    ["an empty token", ""],
    ["a token that goes on", "+more"],
  ])("gets none for %s", async (_what, token) => {
    const wrong = token.startsWith("+") ? server.token + token : token;
    expect(await cookieOf(wrong)).toBe("");
  });

  it("is told nothing for a cookie of his own making", async () => {
    const headers = { cookie: `deadweight-${server.port}=${randomBytes(24).toString("base64url")}` };
    expect((await server.plain("/api/processes", { headers })).status).toBe(401);
  });
});

describe("another site", () => {
  it("is refused under a name that was bent to this address (DNS rebinding)", async () => {
    const headers = { host: `rebound.example:${server.port}` };
    const reply = await server.ask("/api/processes", { headers });
    expect(reply.status).toBe(403);
    expect(reply.text).toContain("another name");
    expect((await server.plain("/", { headers })).status).toBe(403);
  });

  it.each([
    ["a page of another site", { origin: "http://evil.example" }],
    ["a page without a place", { origin: "null" }],
    ["a page on another port", { origin: "http://127.0.0.1:1" }],
    ["a request that a browser marks as another site's", { "sec-fetch-site": "cross-site" }],
    ["a request that a browser marks as another port's", { "sec-fetch-site": "same-site" }],
  ])("cannot change anything, nor read: %s", async (_what, foreign) => {
    const headers = { cookie: (await cookieOf(server.token)).split(";")[0] ?? "", ...foreign };
    const body = { pid: process.pid };
    expect((await server.plain("/api/snapshots", { method: "POST", headers, body })).status).toBe(403);
    expect((await server.plain("/api/processes", { headers })).status).toBe(403);
  });

  it("cannot send a form with the cookie: it has no origin of ours, and no JSON", async () => {
    const cookie = (await cookieOf(server.token)).split(";")[0] ?? "";
    const form = { method: "POST", body: "pid=1" } as const;
    const type = "application/x-www-form-urlencoded";
    expect((await server.plain("/api/snapshots", { ...form, headers: { cookie, "content-type": type } })).status).toBe(
      403,
    );
    const origin = server.address.slice(0, -1);
    const own = await server.plain("/api/snapshots", { ...form, headers: { cookie, origin, "content-type": type } });
    expect([own.status, own.text]).toEqual([400, expect.stringContaining("application/json")]);
  });
});

describe("the page", () => {
  it("runs nothing but its own files and stands in no other page", async () => {
    const { headers } = await server.plain("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
  });

  it.each([
    "/../../package.json",
    "/..%2f..%2fpackage.json",
    "/%2e%2e/%2e%2e/package.json",
    "/assets/../../../package.json",
    "//etc/passwd",
    `/${SECRET}`,
    "/%00",
  ])("leads nowhere but to its own files: %s", async (path) => {
    const reply = await rawGet(server.port, path);
    expect(reply).not.toContain('"devDependencies"');
    expect(reply).not.toContain("root:");
    expect(reply).toMatch(/^HTTP\/1\.1 (200|400|404)/);
  });
});

describe("what is sent", () => {
  it("may be no longer than a document of words", async () => {
    const body = JSON.stringify({ pid: "x".repeat(200_000) });
    const headers = { "content-type": "application/json" };
    const reply = await server.ask("/api/diagnoses", { method: "POST", headers, body });
    expect([reply.status, reply.json()]).toMatchObject([413, { code: "too-large" }]);
  });

  it.each([["[]"], ["null"], ["{"], ['"text"']])("must be an object: %s", async (body) => {
    const headers = { "content-type": "application/json" };
    const reply = await server.ask("/api/diagnoses", { method: "POST", headers, body });
    expect([reply.status, reply.json()]).toMatchObject([400, { code: "usage" }]);
  });

  it.each([[{}], [{ pid: "1" }], [{ pid: -1 }], [{ pid: 1.5 }], [{ pid: process.pid, seconds: 1e9 }]])(
    "is refused in a sentence where it makes no sense: %j",
    async (body) => {
      const reply = await server.ask("/api/diagnoses", { method: "POST", body });
      expect([reply.status, reply.json()]).toMatchObject([422, { code: "usage" }]);
    },
  );

  it("cannot choose where a file lies", async () => {
    const path = `/api/snapshots/files?name=${encodeURIComponent("../../../up/../.hidden/x y.dwsnap")}`;
    const reply = await server.ask(path, { method: "POST", body: Buffer.from("no snapshot") });
    expect(reply.status).toBe(201);
    expect(readdirSync(join(folder, "kept"))).toEqual([expect.stringMatching(/^x_y-\w+\.dwsnap$/)]);
    expect(readdirSync(folder)).toEqual(["kept"]);
  });

  it("that is no snapshot is said, and the server goes on", async () => {
    const { snapshots } = (await server.ask("/api/snapshots")).json<{ snapshots: readonly { id: string }[] }>();
    const reply = await server.ask(`/api/snapshots/${snapshots[0]?.id}`);
    expect([reply.status, reply.json()]).toMatchObject([422, { code: "not-a-snapshot" }]);
    expect((await server.ask("/api/processes")).status).toBe(200);
  });

  it("that ends in the middle is not kept", async () => {
    await new Promise<void>((settle) => {
      const socket = connect(server.port, "127.0.0.1", () => {
        socket.write(
          `POST /api/snapshots/files?name=half HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${server.token}\r\nContent-Length: 1000\r\n\r\nhalf`,
          () => setTimeout(() => socket.destroy(), 200),
        );
      });
      socket.on("error", () => {});
      socket.on("close", () => settle());
    });
    await expect.poll(() => readdirSync(join(folder, "kept")).filter((name) => name.startsWith("half"))).toEqual([]);
  });
});

describe("beyond this machine", () => {
  it("it does not listen without encryption, unless somebody says so", async () => {
    const refused = await refusedServing(["--listen", "0.0.0.0"]);
    expect(refused.code).toBe(2);
    expect(refused.said).toContain("--insecure");
  });

  it("it listens with a certificate", async () => {
    const keys = mkdtempSync(join(tmpdir(), "dw-keys-"));
    try {
      const { cert, key } = makeCertificates(keys);
      await using secure = await startServing(["--listen", "0.0.0.0", "--tls-cert", cert, "--tls-key", key], {
        folder: keys,
      });
      expect(secure.address).toMatch(/^https:/);
      const reply = await secure.plain("/api/session", {
        method: "POST",
        headers: { origin: `https://127.0.0.1:${secure.port}`, host: `127.0.0.1:${secure.port}` },
        body: { token: secure.token },
      });
      expect(String(reply.headers["set-cookie"])).toContain("; Secure");
    } finally {
      rmSync(keys, { recursive: true, force: true });
    }
  });

  it.each([
    [["--tls-cert", SECRET], "belong together"],
    [["--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.key"], "cannot be read"],
    [["no-such.dwsnap"], "there is no file"],
    [["--port", "70000"], "65535"],
  ])("says in a sentence what is wrong: %j", async (words, said) => {
    const refused = await refusedServing(words);
    expect(refused.code).toBe(2);
    expect(refused.said).toContain(said);
    expect(refused.said).not.toMatch(/\n {4}at /);
  });
});

/** A path as it is written: clients tidy them up. */
async function rawGet(port: number, path: string): Promise<string> {
  return await new Promise((settle, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`),
    );
    socket.on("data", (chunk) => (text += chunk.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => settle(text));
  });
}
