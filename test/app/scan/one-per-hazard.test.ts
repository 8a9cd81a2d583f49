import { expect, it } from "vitest";
import { scanSources } from "../../support/scan-sources.ts";

async function codesOf(source: string): Promise<readonly string[]> {
  const { findings } = await scanSources({ "app.py": `from flask import Flask\napp = Flask(__name__)\n${source}` });
  return findings.map(({ code, line, confidence }) => `${code}:${line} ${confidence}`);
}

it("a cache keyed by the time is one finding, of the rule that says why", async () => {
  const source = `import time
_cache = {}
@app.route("/")
def index():
    _cache[time.time()] = 1
    return ""
`;
  expect(await codesOf(source)).toEqual(["DW105:7 certain"]);
});

it("stored exceptions are one finding, as sure as the growth of their list", async () => {
  const source = `errors = []
@app.route("/")
def index():
    try:
        work()
    except Exception as e:
        errors.append(e)
    return ""
`;
  expect(await codesOf(source)).toEqual(["DW310:9 likely"]);
});

it("what else is put into the container stays a finding of its own", async () => {
  const source = `errors = []
@app.route("/<what>")
def index(what):
    try:
        work()
    except Exception as e:
        errors.append(e)
    errors.append(what)
    return ""
`;
  expect(await codesOf(source)).toEqual(["DW201:3 certain", "DW310:9 likely"]);
});
