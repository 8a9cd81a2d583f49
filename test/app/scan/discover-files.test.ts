import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { discoverFiles } from "../../../src/app/scan/discover-files.ts";
import { defaultSettings, type ScanSettings } from "../../../src/model/scan-settings.ts";
import { type ProjectFolder, projectFolder } from "./project-folder.ts";

function found(
  { path }: ProjectFolder,
  paths: readonly string[] = ["."],
  settings: Partial<ScanSettings> = {},
): readonly string[] {
  return discoverFiles(paths, path, { ...defaultSettings(path), ...settings }).files.map((file) => file.path);
}

describe("what is scanned below a folder", () => {
  it("is source, by name", () => {
    using folder = projectFolder({ "a.py": "", "b.pyi": "", "c.ipynb": "{}", "d.c": "", "e.pyx": "", "f.txt": "" });
    expect(found(folder)).toEqual(["a.py", "b.pyi", "c.ipynb", "d.c", "e.pyx"]);
    folder.write({ "g.hpp": "", "h.cxx": "", "i.hh": "", "j.pxi": "" });
    expect(found(folder)).toHaveLength(9);
  });
  it("is not what other people wrote or a tool made", () => {
    using folder = projectFolder({
      "app/a.py": "",
      ".venv/lib/x.py": "",
      "app/__pycache__/y.py": "",
      "build/z.py": "",
      "venv/lib/python3.11/site-packages/flask/app.py": "",
    });
    expect(found(folder)).toEqual(["app/a.py"]);
    expect(found(folder, ["venv/lib/python3.11/site-packages/flask"])).toHaveLength(1);
  });
  it("is not what git ignores, by every .gitignore up to the top of the repository", () => {
    using folder = projectFolder({
      ".git/HEAD": "",
      ".gitignore": "generated/\n*_pb2.py\n",
      "app/.gitignore": "!keep_pb2.py\n/local.py\n",
      "app/keep_pb2.py": "",
      "app/local.py": "",
      "app/sub/local.py": "",
      "app/gone_pb2.py": "",
      "generated/a.py": "",
    });
    expect(found(folder)).toEqual(["app/keep_pb2.py", "app/sub/local.py"]);
    expect(found(folder, ["app"])).toEqual(["app/keep_pb2.py", "app/sub/local.py"]);
  });
  it("is a folder that git ignores when it is named", () => {
    using folder = projectFolder({ ".git/HEAD": "", ".gitignore": "generated/\n", "generated/a.py": "" });
    expect(found(folder, ["generated"])).toEqual(["generated/a.py"]);
  });
  it("is not what the settings exclude", () => {
    using folder = projectFolder({ "a.py": "", "migrations/b.py": "", "build/c.py": "", "tests/d.py": "" });
    expect(found(folder, ["."], { extendExclude: ["migrations", "tests/*.py"] })).toEqual(["a.py"]);
    expect(found(folder, ["."], { exclude: ["tests"] })).toEqual(["a.py", "build/c.py", "migrations/b.py"]);
  });
  it("is found once, whatever the links", () => {
    using folder = projectFolder({ "app/a.py": "" });
    symlinkSync("..", join(folder.path, "app/loop"));
    symlinkSync("a.py", join(folder.path, "app/b.py"));
    expect(found(folder, [".", "app", "app/a.py"])).toEqual(["app/a.py"]);
  });
});

describe("a file that is named", () => {
  it("is scanned whatever excludes it and whatever it is called", () => {
    using folder = projectFolder({ ".git/HEAD": "", ".gitignore": "*.py\n", "build/a.py": "", script: "" });
    expect(found(folder, ["build/a.py", "script"])).toEqual(["build/a.py", "script"]);
  });
  it("keeps its full path when it lies elsewhere", () => {
    using folder = projectFolder({ "app/a.py": "", "other/b.py": "" });
    const files = discoverFiles(["../other"], join(folder.path, "app"), defaultSettings(folder.path)).files;
    expect(files.map((file) => file.path)).toEqual([join(folder.path, "other/b.py")]);
  });
});

describe("what cannot be read is said", () => {
  const problems = (folder: ProjectFolder, ...paths: string[]): readonly string[] =>
    discoverFiles(paths, folder.path, defaultSettings(folder.path)).problems.map(
      (each) => `${each.file}: ${each.message}`,
    );

  it("for a path that is not there", () => {
    using folder = projectFolder();
    expect(problems(folder, "gone.py")).toEqual(["gone.py: It cannot be read: there is no such file or folder."]);
  });
  it("for links that lead in a circle", () => {
    using folder = projectFolder();
    symlinkSync("b.py", join(folder.path, "a.py"));
    symlinkSync("a.py", join(folder.path, "b.py"));
    expect(problems(folder, "a.py")).toEqual(["a.py: It cannot be read: its symbolic links lead in a circle."]);
    expect(problems(folder, ".")).toEqual([]);
  });
  it("for a file that is too large", () => {
    using folder = projectFolder({ "data.py": "" });
    truncateSync(join(folder.path, "data.py"), 9 * 1024 * 1024);
    expect(problems(folder, ".")).toEqual([
      "data.py: It is skipped: 9.0 MiB is more than the 8.0 MiB that are read of one file.",
    ]);
  });
  it("for what is no file", () => {
    using folder = projectFolder();
    execFileSync("mkfifo", [join(folder.path, "pipe.py")]);
    const message = "It cannot be read: it is no file; `deadweight scan -` reads what another program writes.";
    expect(problems(folder, "pipe.py", "/dev/zero")).toEqual([`pipe.py: ${message}`, `/dev/zero: ${message}`]);
    expect(problems(folder, ".")).toEqual([]);
  });
  it("for a path that is empty", () => {
    using folder = projectFolder({ "a.py": "" });
    expect(problems(folder, "")).toEqual(['"": It cannot be read: the path is empty.']);
  });
  it("for a name that is not UTF-8", () => {
    using folder = projectFolder();
    const name = Buffer.concat([Buffer.from(join(folder.path, "b")), Buffer.from([0xff]), Buffer.from(".py")]);
    writeFileSync(name, "");
    expect(problems(folder, ".")).toEqual(["b\ufffd.py: It cannot be read: its name is not UTF-8."]);
  });
  it.skipIf(process.getuid?.() === 0)("for a folder without permission", () => {
    using folder = projectFolder({ "secret/a.py": "" });
    chmodSync(join(folder.path, "secret"), 0);
    expect(problems(folder, ".")).toEqual(["secret: The folder cannot be read: there is no permission."]);
    chmodSync(join(folder.path, "secret"), 0o700);
  });
});
