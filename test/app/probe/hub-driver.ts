// A tool that can be killed: opens a hub, asks every probe without a pause, and says what it hears.

import type { ProbeConnection } from "../../../src/app/probe/probe-connection.ts";
import { openProbeHub } from "../../../src/app/probe/probe-hub.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function askAllTheTime(connection: ProbeConnection): Promise<void> {
  say(`connected ${connection.hello.pid}`);
  for (let asked = 0; connection.isOpen; asked++) {
    await connection.request("stats");
    await connection.request("gc-events");
    if (asked === 10) say("asking");
  }
}

const opened = await openProbeHub({
  connected: (connection) => void askAllTheTime(connection),
  refused: (why) => say(`refused ${why}`),
});
say(`socket ${opened.ok ? opened.value.socketPath : opened.error}`);
