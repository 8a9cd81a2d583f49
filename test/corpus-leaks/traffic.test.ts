// The traffic of the corpus: how much is due when, and that it arrives.

import { createServer } from "node:http";
import { createServer as createLineServer, type AddressInfo, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Traffic } from "../../tools/leak-corpus/cases.ts";
import { askSize, requestsDue, sendTraffic } from "../../tools/leak-corpus/traffic.ts";

const STEADY: Traffic = { protocol: "http", perSecond: 500, connections: 3, steps: [] };

it("asks for as much as the rates say, step by step", () => {
  const stepped = { ...STEADY, perSecond: 10, steps: [{ atSeconds: 5, perSecond: 100 }] };
  expect([0, 1, 5, 6, 7.5].map((seconds) => requestsDue(stepped, seconds))).toEqual([0, 10, 50, 150, 300]);
});

it("sends as many requests as it is told, each once and numbered", async () => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    response.end("17");
  });
  await using port = await listening(server);
  const traffic = sendTraffic(port.number, STEADY, 30);
  while (traffic.answered() < 30 && traffic.failures().length === 0) await sleep(10);
  await traffic.stop();
  expect(traffic.failures()).toEqual([]);
  expect(paths.toSorted()).toEqual(Array.from({ length: 30 }, (_, number) => `/visit/${number}`).toSorted());
  expect(await askSize(port.number, "http")).toBe(17);
});

it("speaks lines, and says why it failed", async () => {
  const server = createLineServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      for (const word of chunk.toString().trim().split("\n")) socket.write(word === "3" ? "" : `${word}\n`);
      if (chunk.toString().includes("3\n")) socket.destroy();
    });
  });
  await using port = await listening(server);
  const traffic = sendTraffic(port.number, { ...STEADY, protocol: "lines", connections: 1 }, 4);
  while (traffic.answered() < 3 || traffic.failures().length === 0) await sleep(10);
  await traffic.stop();
  expect(traffic.failures()).toEqual(["Error: the service closed the connection"]);
});

async function listening(server: Server): Promise<AsyncDisposable & { readonly number: number }> {
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    number: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((settle) => server.close(() => settle())),
  };
}
