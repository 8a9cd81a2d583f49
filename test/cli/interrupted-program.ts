// A program that would run forever; interrupting.test.ts ends it with signals.

import { exitOnSignals, Interruptions } from "../../src/cli/interruptions.ts";

const interruptions = new Interruptions();
exitOnSignals(interruptions);
interruptions.register(() => process.stdout.write("first\n"));
interruptions.register(() => process.stdout.write("second\n"));
interruptions.register(() => process.stdout.write("never\n"))[Symbol.dispose]();
process.on("exit", () => process.stdout.write("exit\n"));
setInterval(() => undefined, 60_000);
process.stdout.write("ready\n");
