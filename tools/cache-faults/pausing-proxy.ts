// A way to a server that can be cut: nothing comes through, and connections stay open, as in a network that loses everything.

import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface PausingProxy extends AsyncDisposable {
  readonly port: number;
  /** Bytes that did not come through because it was cut. */
  lostBytes(): number;
  cut(): void;
  /** What was held back is lost, as after a long partition: whoever waits has given up. */
  mend(): void;
}

export async function startPausingProxy(target: number): Promise<PausingProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let lost = 0;
  const server: Server = createServer((near) => {
    // A new connection is accepted by the kernel, and hears nothing while it is cut.
    const far = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => {
        if (isCut) lost += bytes.length;
        else to.write(bytes);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    port: (server.address() as AddressInfo).port,
    lostBytes: () => lost,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((settle) => server.close(() => settle()));
    },
  };
}
