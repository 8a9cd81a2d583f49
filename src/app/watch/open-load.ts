// What `--load` names: a page of counters, or a command that prints a number.

import { fail, ok, type Result } from "../../base/result.ts";
import {
  commandLoad,
  counterLoad,
  type LoadReader,
  type LoadUrlProblem,
} from "../../capture/process-signals/load-reader.ts";

/** Fails with a sentence. `null` names nothing: CPU time stands for the work. */
export function openLoad(text: string | null): Result<LoadReader | null, string> {
  if (text === null) return ok(null);
  if (!/^https?:/i.test(text)) return ok(commandLoad(text));
  const reader = counterLoad(text);
  return reader.ok ? reader : fail(`--load ${text}: ${PROBLEMS[reader.error]}`);
}

const EXAMPLE = "http://127.0.0.1:8000/metrics#http_requests_total";

const PROBLEMS: Readonly<Record<LoadUrlProblem, string>> = {
  "not-a-url": `this is no address; write it as ${EXAMPLE}`,
  "not-http": `only http and https can be read; write it as ${EXAMPLE}`,
  "no-counter": `which counter? Name it after a #, as in ${EXAMPLE}`,
};
