import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ScanAnswer, type ScanAsked, scanProject } from "../../../src/app/scan/scan-project.ts";
import { type ProjectFolder, projectFolder } from "./project-folder.ts";

const CACHED = "import functools\n\n\n@functools.lru_cache(maxsize=None)\ndef load(key):\n    return key\n";

async function scan(folder: ProjectFolder, asked: Partial<ScanAsked> = {}): Promise<ScanAnswer> {
  const answer = await scanProject({
    folder: folder.path,
    paths: ["."],
    stdin: null,
    config: null,
    select: ["DW001", "DW101"],
    ignore: null,
    confidence: "possible",
    baseline: null,
    baselineAction: "apply",
    fix: "none",
    isDiff: false,
    cache: null,
    threads: null,
    toolVersion: "1.2.3",
    progress: () => undefined,
    ...asked,
  });
  if (!answer.ok) throw new Error(answer.error);
  return answer.value;
}

const places = ({ report }: ScanAnswer): readonly string[] =>
  report.findings.map(({ file, line, code }) => `${file}:${line} ${code}`);
const read = (folder: ProjectFolder, file: string): string => readFileSync(join(folder.path, file), "utf8");

describe("a scan", () => {
  it("counts files and lines and finds across them", async () => {
    using folder = projectFolder({
      "a.py": CACHED,
      "b.py": "from a import load\n\n\ndef see(key):\n    return load(key)\n",
    });
    const { report } = await scan(folder);
    expect([report.files, report.lines, report.findings.length]).toEqual([2, 11, 1]);
    expect(report.findings[0]?.related).toContainEqual(expect.objectContaining({ file: "b.py", line: 5 }));
  });
  it("tells of a hazard by the rule that was asked for, also when another one says it better", async () => {
    const cache = "import time\n\n_cache = {}\n\n\ndef note():\n    _cache[time.time()] = 1\n";
    using folder = projectFolder({ "app.py": cache });
    const byTime = "app.py:7 DW105";
    expect(places(await scan(folder, { select: ["ALL"] }))).toEqual([byTime]);
    expect(places(await scan(folder, { select: ["DW201"] }))).toEqual(["app.py:3 DW201"]);
    expect(places(await scan(folder, { select: ["DW201", "DW105"] }))).toEqual([byTime]);
    expect(places(await scan(folder, { select: ["ALL"], ignore: ["DW105"] }))).toEqual(["app.py:3 DW201"]);
  });
  it("takes a project for tests by its own folders, not by those above it", async () => {
    const growing = "SEEN = {}\n\n\ndef note(email):\n    SEEN[email] = [email]\n";
    using folder = projectFolder({ "tests/shop/pyproject.toml": "", "tests/shop/app.py": growing });
    using elsewhere = projectFolder();
    const asked = { select: ["DW201"], paths: [join(folder.path, "tests/shop")] };
    const inside = await scan(folder, { ...asked, folder: join(folder.path, "tests/shop") });
    const outside = await scan(elsewhere, asked);
    expect(inside.report.findings.length).toBe(1);
    expect(outside.report.findings.map(({ message }) => message)).toEqual(
      inside.report.findings.map(({ message }) => message),
    );
  });
  it("names a comment that suppresses nothing the same when lines move", async () => {
    const comment = "x = 1  # dw: ignore[DW101]\n";
    using folder = projectFolder({ "a.py": comment });
    const before = await scan(folder);
    folder.write({ "a.py": `\n\n${comment}` });
    const after = await scan(folder);
    expect(before.report.findings.map(({ code }) => code)).toEqual(["DW001"]);
    expect(after.report.findings[0]?.fingerprint).toBe(before.report.findings[0]?.fingerprint);
  });
  it("forgets what it kept when a file that is not scanned moves the names of modules", async () => {
    using folder = projectFolder({ "src/shop/w.py": CACHED });
    // What has just changed is never kept.
    utimesSync(join(folder.path, "src/shop/w.py"), 1, 1);
    const cache = { folder: join(folder.path, "kept") };
    await scan(folder, { cache });
    folder.write({ "requirements.txt": "" });
    const kept = await scan(folder, { cache });
    const fresh = await scan(folder);
    expect(kept.report.findings).toEqual(fresh.report.findings);
  });
  it("says what is broken in a file and scans the rest of it", async () => {
    using folder = projectFolder({ "a.py": `${CACHED}\ndef broken(:\n    pass\n` });
    const answer = await scan(folder);
    expect(places(answer)).toEqual(["a.py:4 DW101"]);
    expect(answer.report.problems[0]).toMatchObject({ file: "a.py", line: 8 });
  });
  it("survives empty files, bytes that are no text and a notebook that is none", async () => {
    using folder = projectFolder({ "a.py": "", "b.py": new Uint8Array([0xff, 0xfe, 0, 10]), "c.ipynb": "{" });
    expect((await scan(folder)).report).toMatchObject({ files: 3, findings: [] });
  });
  it("reads stdin under the name that was given", async () => {
    using folder = projectFolder();
    const stdin = { bytes: new TextEncoder().encode(CACHED), name: "app/typed.py" };
    expect(places(await scan(folder, { paths: ["-"], stdin }))).toEqual(["app/typed.py:4 DW101"]);
  });
  it("fingerprints stay when lines move, and differ for twins", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    const [before] = (await scan(folder)).report.findings;
    folder.write({ "a.py": `# moved\n\n${CACHED}` });
    const [after] = (await scan(folder)).report.findings;
    expect([after?.line, after?.fingerprint]).toEqual([6, before?.fingerprint]);
  });
  it("refuses a path that is not there and settings that are wrong", async () => {
    using folder = projectFolder();
    await expect(scan(folder, { paths: ["gone"] })).rejects.toThrow("gone: it cannot be read: there is no such file");
    await expect(scan(folder, { paths: ["", "-"] })).rejects.toThrow('"": it cannot be read: the path is empty');
    await expect(scan(folder, { select: ["X"] })).rejects.toThrow("--select has 'X'");
    await expect(scan(folder, { select: ["DW888"] })).rejects.toThrow("no rule has such a code");
  });
  it("reads the rest when one of several paths is not there", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    const answer = await scan(folder, { paths: ["gone", "a.py"] });
    expect([places(answer), answer.isIncomplete]).toEqual([["a.py:4 DW101"], true]);
    expect(answer.report.problems).toMatchObject([{ file: "gone" }]);
  });
  it("counts what could not be read of C", async () => {
    using folder = projectFolder({
      "a.cpp": "#include <Python.h>\nint torn(void) { if (x { return 1; }\nint fine(void) { return 1; }\n",
    });
    expect((await scan(folder)).report.unreadFunctions).toBe(1);
  });
});

describe("suppressions", () => {
  const suppressed = (comment: string): string => CACHED.replace("=None)", `=None)  ${comment}`);
  it.each(["# dw: ignore[DW101] few keys", "# dw: ignore", "# noqa: DW101", "# noqa", "# NOQA: E501, DW1"])(
    "%s",
    async (comment) => {
      using folder = projectFolder({ "a.py": suppressed(comment) });
      const answer = await scan(folder);
      expect([places(answer), answer.report.suppressed.inline]).toEqual([[], 1]);
    },
  );
  it("for a whole file", async () => {
    using folder = projectFolder({ "a.py": `# dw: ignore-file[DW101]\n${CACHED}` });
    expect(places(await scan(folder))).toEqual([]);
  });
  it.each([
    ["of another code", suppressed("# dw: ignore[DW2]")],
    ["in a string", CACHED.replace("key)", 'key="# dw: ignore[DW101]")')],
    ["of the line before", `# dw: ignore[DW101]\n${CACHED}`],
  ])("%s suppress nothing", async (_, text) => {
    using folder = projectFolder({ "a.py": text });
    expect((await scan(folder, { select: ["DW101"] })).report.findings).toHaveLength(1);
  });
  it("that are not needed are reported, unless their rule is off", async () => {
    using folder = projectFolder({ "a.py": "x = 1  # dw: ignore[DW101]\n" });
    expect(places(await scan(folder))).toEqual(["a.py:1 DW001"]);
    expect(places(await scan(folder, { select: ["DW001"] }))).toEqual([]);
  });
  it("that begin with the code of a rule that did not run are not called unused", async () => {
    using folder = projectFolder({ "a.py": "x = 1  # dw: ignore[DW1]\ny = 2  # dw: ignore\n" });
    expect(places(await scan(folder, { select: ["DW001", "DW101"] }))).toEqual([]);
    expect(places(await scan(folder, { select: ["ALL"] }))).toEqual(["a.py:1 DW001", "a.py:2 DW001"]);
  });
});

describe("the baseline", () => {
  it("hides as many as there were, brings all back when there is one more, and can be pruned", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    const asked = { baseline: "dw.json" };
    await scan(folder, { ...asked, baselineAction: "write" });
    expect(JSON.parse(read(folder, "dw.json"))).toEqual({
      schema: "deadweight/baseline@1",
      files: { "a.py": { DW101: 1 } },
    });
    expect((await scan(folder, asked)).report).toMatchObject({ findings: [], suppressed: { baseline: 1 } });
    folder.write({ "a.py": `${CACHED}\n${CACHED}` });
    expect(places(await scan(folder, asked))).toEqual(["a.py:4 DW101", "a.py:11 DW101"]);
    folder.write({ "a.py": "" });
    expect((await scan(folder, asked)).notices).toEqual([
      "The baseline expects 1 more than there are now; --prune-baseline takes them out.",
    ]);
    await scan(folder, { ...asked, baselineAction: "prune" });
    expect(JSON.parse(read(folder, "dw.json"))).toMatchObject({ files: {} });
  });
  it("keeps what it says of files that are not scanned, and forgets files that are gone", async () => {
    using folder = projectFolder({ "a.py": CACHED, "b.py": CACHED });
    const asked = { baseline: "dw.json" };
    await scan(folder, { ...asked, baselineAction: "write" });
    await scan(folder, { ...asked, paths: ["b.py"], baselineAction: "write" });
    expect(JSON.parse(read(folder, "dw.json"))).toMatchObject({
      files: { "a.py": { DW101: 1 }, "b.py": { DW101: 1 } },
    });
    rmSync(join(folder.path, "b.py"));
    expect((await scan(folder, asked)).notices).toHaveLength(1);
    await scan(folder, { ...asked, baselineAction: "prune" });
    expect(JSON.parse(read(folder, "dw.json"))).toMatchObject({ files: { "a.py": { DW101: 1 } } });
    expect(read(folder, "dw.json")).not.toContain("b.py");
  });
  it("takes the place of nothing else", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    for (const baseline of ["a.py", "/dev/null"])
      await expect(scan(folder, { baseline, baselineAction: "write" })).rejects.toThrow("is there and is no baseline");
    expect(read(folder, "a.py")).toBe(CACHED);
  });
  it("must be one", async () => {
    using folder = projectFolder({ "a.py": "", "dw.json": "[]" });
    await expect(scan(folder, { baseline: "dw.json" })).rejects.toThrow("is no baseline of deadweight");
  });
});

describe("fixes", () => {
  it("keep mode, byte order mark and line ends", async () => {
    using folder = projectFolder({ "a.py": `\ufeff${CACHED.replaceAll("\n", "\r\n")}` });
    chmodSync(join(folder.path, "a.py"), 0o755);
    const answer = await scan(folder, { fix: "unsafe" });
    expect([places(answer), answer.notices]).toEqual([[], ["Fixed 1 finding in 1 file."]]);
    expect(read(folder, "a.py")).toBe(`\ufeff${CACHED.replaceAll("\n", "\r\n").replace("None", "1024")}`);
    expect(statSync(join(folder.path, "a.py")).mode & 0o777).toBe(0o755);
  });
  it("follow a link to its file, and say which file could not be written", async () => {
    using folder = projectFolder({ "a.py": CACHED, "b.py": CACHED });
    symlinkSync("a.py", join(folder.path, "link.py"));
    const answer = await scan(folder, { paths: ["link.py"], fix: "unsafe" });
    expect([answer.notices, answer.isIncomplete]).toEqual([["Fixed 1 finding in 1 file."], false]);
    expect([read(folder, "a.py"), lstatSync(join(folder.path, "link.py")).isSymbolicLink()]).toEqual([
      CACHED.replace("None", "1024"),
      true,
    ]);
    // Nobody can write beside it: what a full disk does, too.
    writeFileSync(join(folder.path, `b.py.${process.pid}.partial`), "");
    const failed = await scan(folder, { paths: ["b.py"], fix: "unsafe" });
    expect([places(failed), failed.isIncomplete]).toEqual([["b.py:4 DW101"], true]);
    expect(failed.notices).toEqual([expect.stringMatching(/^b\.py was not changed: /)]);
    expect(read(folder, "b.py")).toBe(CACHED);
  });
  it("keep a Latin-1 file Latin-1", async () => {
    const text = `# coding: latin-1\n# \u00e9\n${CACHED}`;
    using folder = projectFolder({ "a.py": Buffer.from(text, "latin1") });
    await scan(folder, { fix: "unsafe" });
    expect(readFileSync(join(folder.path, "a.py"), "latin1")).toBe(text.replace("None", "1024"));
  });
  it("leave notebooks and stdin alone", async () => {
    const cell = { cell_type: "code", source: CACHED.split("\n").map((line) => `${line}\n`) };
    const notebook = JSON.stringify({ nbformat: 4, cells: [cell] });
    using folder = projectFolder({ "a.ipynb": notebook });
    expect((await scan(folder, { fix: "unsafe" })).report.findings).toMatchObject([{ cell: 1, line: 4 }]);
    expect(read(folder, "a.ipynb")).toBe(notebook);
    const stdin = { bytes: new Uint8Array(0), name: "a.py" };
    await expect(scan(folder, { paths: ["-"], stdin, fix: "safe" })).rejects.toThrow("--diff shows the fixes");
  });
  it("that are unsafe wait to be asked for", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    await scan(folder, { fix: "safe" });
    expect(read(folder, "a.py")).toBe(CACHED);
  });
  it("are only shown with --diff", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    const { diff } = await scan(folder, { fix: "unsafe", isDiff: true });
    expect(diff).toContain("-@functools.lru_cache(maxsize=None)\n+@functools.lru_cache(maxsize=1024)\n");
    expect(read(folder, "a.py")).toBe(CACHED);
  });
});

describe("the cache", () => {
  const asked = { cache: { folder: null } };
  const old = (folder: ProjectFolder, file: string): void =>
    utimesSync(join(folder.path, file), new Date(2020, 1, 1), new Date(2020, 1, 1));

  it("gives the same report again, and notices every change", async () => {
    using folder = projectFolder({ "a.py": CACHED, "b.py": "from a import load\nload(1)\n" });
    old(folder, "a.py");
    old(folder, "b.py");
    const first = await scan(folder, asked);
    expect((await scan(folder, asked)).report).toEqual(first.report);
    folder.write({ "b.py": "" });
    expect(JSON.stringify((await scan(folder, asked)).report.findings[0]?.related)).not.toContain("b.py");
    folder.write({ "a.py": CACHED.replace("None", "1024") });
    expect(places(await scan(folder, asked))).toEqual([]);
  });
  it("sees a change within the same tick of the clock", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    const { mtime } = statSync(join(folder.path, "a.py"));
    await scan(folder, asked);
    folder.write({ "a.py": CACHED.replace("None", "1234") });
    utimesSync(join(folder.path, "a.py"), mtime, mtime);
    expect(places(await scan(folder, asked))).toEqual([]);
  });
  it("is marked as a cache, and ignored by git", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    await scan(folder, asked);
    const cache = join(folder.path, ".deadweight_cache");
    expect(readFileSync(join(cache, "CACHEDIR.TAG"), "utf8")).toMatch(/^Signature: 8a477f597d28d172789f06886806bc55/);
    expect(readFileSync(join(cache, ".gitignore"), "utf8")).toBe("*\n");
    expect(readdirSync(cache).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });
  it.each([0, 10, 200, -5])("that is damaged at %i is written anew", async (at) => {
    using folder = projectFolder({ "a.py": CACHED });
    old(folder, "a.py");
    const first = await scan(folder, asked);
    const cache = join(folder.path, ".deadweight_cache");
    for (const name of readdirSync(cache).filter((each) => /^(?:facts|result)/.test(each))) {
      const bytes = readFileSync(join(cache, name));
      bytes.writeUInt8(0x7f, at < 0 ? bytes.length + at : Math.min(at, bytes.length - 1));
      writeFileSync(join(cache, name), name.startsWith("result") ? bytes.subarray(0, bytes.length - 3) : bytes);
    }
    expect((await scan(folder, asked)).report).toEqual(first.report);
  });
  it("is not made with --no-cache", async () => {
    using folder = projectFolder({ "a.py": CACHED });
    await scan(folder);
    expect(existsSync(join(folder.path, ".deadweight_cache"))).toBe(false);
  });
});
