// Loaded into the command by NODE_OPTIONS: ends or stops it before its nth write, so that each place of a clear can be the last one.
// CACHE_FAULT: SIGKILL:3 or SIGSTOP:3.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [signal, nth] = (process.env["CACHE_FAULT"] ?? ":").split(":");
const write = fs.writeSync;
let writes = 0;
fs.writeSync = (...given) => {
  writes++;
  if (writes === Number(nth)) process.kill(process.pid, signal);
  return write(...given);
};
syncBuiltinESMExports();
