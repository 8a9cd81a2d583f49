// A program for tests that must see a process with another user's eyes. Arguments: PID UID. Prints the answer as JSON.

import { classifyTarget } from "../../src/capture/classify-target.ts";
import { openProcFs } from "../../src/capture/proc-fs.ts";

const [pid = 0, uid = 65534] = process.argv.slice(2).map(Number);
process.setgroups?.([]);
process.setgid?.(uid);
process.setuid?.(uid);
process.stdout.write(JSON.stringify(classifyTarget(openProcFs(), pid)));
