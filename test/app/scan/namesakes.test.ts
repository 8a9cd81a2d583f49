import { expect, it } from "vitest";
import { scanProject } from "../../../src/app/scan/scan-project.ts";
import { projectFolder } from "./project-folder.ts";

const HELPER = "SEEN = {}\n";
const MAIN = `from flask import Flask
import helper

app = Flask(__name__)

@app.route("/<user_id>")
def show(user_id):
    helper.SEEN[user_id] = [user_id]
    return ""
`;
const EMPTYING = `${MAIN}
@app.route("/stop/<user_id>")
def stop(user_id):
    helper.SEEN.pop(user_id, None)
    return ""
`;

async function foundIn(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  using folder = projectFolder(files);
  const answer = await scanProject({
    folder: folder.path,
    paths: ["."],
    stdin: null,
    config: null,
    select: ["DW201"],
    ignore: null,
    confidence: null,
    baseline: null,
    baselineAction: "apply",
    fix: "none",
    isDiff: false,
    cache: null,
    threads: 1,
    toolVersion: "1.2.3",
    progress: () => undefined,
  });
  if (!answer.ok) throw new Error(answer.error);
  return answer.value.report.findings.map(({ file, confidence }) => `${file} ${confidence}`);
}

it.each<[string, Record<string, string>]>([
  ["folders of one project", {}],
  ["projects", { "orders/pyproject.toml": "", "users/pyproject.toml": "" }],
])("an import means the file beside it, also where other %s have one of the same name", async (_, marks) => {
  const files = { ...marks, "orders/helper.py": HELPER, "orders/main.py": MAIN, "users/helper.py": HELPER };
  expect(await foundIn({ ...files, "users/main.py": MAIN })).toEqual([
    "orders/helper.py certain",
    "users/helper.py certain",
  ]);
  expect(await foundIn({ ...files, "users/main.py": EMPTYING })).toEqual(["orders/helper.py certain"]);
});
