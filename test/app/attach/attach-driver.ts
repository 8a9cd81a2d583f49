// A tool of its own to be killed: attaches to the process whose pid it is given, opens a window of allocations, and waits.

import { attachProbe } from "../../../src/app/attach/attach-probe.ts";

process.stdout.write("up\n");
const attached = await attachProbe(Number(process.argv[2]), { waitSeconds: 20, gdb: false, say: () => {} });
if (!attached.ok) throw new Error(attached.error.code);
const started = await attached.value.connection.request("trace-start");
process.stdout.write(started.ok ? "tracing\n" : `${started.error}\n`);
setInterval(() => {}, 1000);
