// Every interpreter of this machine, found while it runs; programs that embed one; and those that are none.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Addr } from "../../src/base/brand.ts";
import { type FileMapping, findInterpreter } from "../../src/capture/find-interpreter.ts";
import { bytesReadAt, openReadAt, type ReadAt } from "../../src/capture/read-at.ts";
import { versionFromHex, versionFromText } from "../../src/capture/python-version.ts";
import { hasCommand, holdStill, type StillProcess, startStillTarget } from "../support/core-dumps.ts";
import { libraryBytes } from "../support/core-elf.ts";
import { describeInterpreter, findForeignInterpreters, readableInterpreters } from "../support/interpreters.ts";
import { startProcess } from "./start-target.ts";

const SUPPORTED = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"];
const CONTEXT = { pid: null, supported: SUPPORTED };
const folder = mkdtempSync(join(tmpdir(), "dw-find-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function find(
  target: Pick<StillProcess, "mappings" | "memory">,
  open: (path: string) => ReadAt | null = openReadAt,
): ReturnType<typeof findInterpreter> {
  return findInterpreter(target.mappings, open, (address, length) => target.memory.read(address, length), CONTEXT);
}

/** Where a running interpreter says that its objects are. */
const ADDRESSES = `import sys; print(*(hex(id(x)) for x in (type, dict, None, Ellipsis)), sys.hexversion)`;

function versionOf(python: string): number {
  return Number(execFileSync(python, ["-I", "-c", "import sys; print(sys.hexversion)"], { encoding: "utf8" }));
}

describe("a running interpreter", () => {
  for (const python of readableInterpreters()) {
    it(`${describeInterpreter(python)} is found on disk and in memory`, async () => {
      await using target = await startStillTarget(python.path);
      const onDisk = find(target);
      const inMemory = find(target, () => null);
      if (!onDisk.ok) throw new Error(JSON.stringify(onDisk.error));
      expect(onDisk.value.versionHex).toBe(versionOf(python.path));
      expect(onDisk.value.symbols.size).toBeGreaterThan(70);
      expect(inMemory).toEqual(onDisk);
    });

    // One that was unpacked finds its library by where it lies.
    it.skipIf(python.unpacked)(`${describeInterpreter(python)} is found under another name`, async () => {
      const odd = join(folder, `worker-${python.version}`);
      copyFileSync(python.path, odd);
      await using target = await startProcess(
        odd,
        ["-I", "-c", `${ADDRESSES}; print("ready", flush=True); input()`],
        pathsOf(python.path),
      );
      using still = await holdStill(target.pid);
      const found = find(still);
      expect(found.ok && found.value.versionHex).toBe(versionOf(python.path));
    });
  }

  for (const python of findForeignInterpreters()) {
    it(`${describeInterpreter(python)} is refused by its name`, async () => {
      await using target = await startStillTarget(python.path);
      const { version, build } = python;
      const error = SUPPORTED.includes(`3.${python.minor}`)
        ? { code: "unsupported-build", version, build }
        : { code: "unsupported-version", version, supported: SUPPORTED };
      expect(find(target)).toEqual({ ok: false, error });
    });
  }

  it("has its objects where the symbols say", async () => {
    for (const python of readableInterpreters()) {
      let said = "";
      await using target = await startProcess(
        python.path,
        ["-I", "-c", `${ADDRESSES}; print("ready", flush=True); input()`],
        undefined,
        (text) => (said += text),
      );
      using still = await holdStill(target.pid);
      const found = find(still);
      if (!found.ok) throw new Error(JSON.stringify(found.error));
      const names = ["PyType_Type", "PyDict_Type", "_Py_NoneStruct", "_Py_EllipsisObject"];
      expect(names.map((name) => `0x${(found.value.symbols.get(name) ?? 0).toString(16)}`)).toEqual(
        said.split(" ").slice(0, 4),
      );
    }
  });
});

describe("no interpreter", () => {
  it("is said of a program that is none", async () => {
    await using target = await startProcess("sh", ["-c", "echo ready; exec sleep 100"]);
    using still = await holdStill(target.pid);
    expect(find(still)).toMatchObject({ ok: false, error: { code: "not-python" } });
  });

  it("is said of a process without files", () => {
    expect(
      findInterpreter(
        [],
        () => null,
        () => new Uint8Array(0),
        CONTEXT,
      ),
    ).toMatchObject({ ok: false, error: { code: "not-python" } });
  });
});

describe("an embedding program", () => {
  const shared = readableInterpreters().find((python) => python.shared && python.include !== null);

  // Linked without -fPIC, the program holds the objects that it names; the library's own are dead copies.
  it.skipIf(shared === undefined || !hasCommand("gcc"))("that holds copies of the library's objects", async () => {
    if (shared === undefined) return;
    const program = join(folder, "embeds");
    const lib = join(dirname(shared.path), "../lib");
    const source = join(import.meta.dirname, "targets/embeds.c");
    const include = join(dirname(shared.path), "../include", `python3.${shared.minor}`);
    execFileSync("gcc", [
      "-no-pie",
      "-fno-pic",
      "-o",
      program,
      source,
      `-I${include}`,
      `-L${lib}`,
      `-Wl,-rpath,${lib}`,
      `-lpython3.${shared.minor}`,
    ]);
    let said = "";
    await using target = await startProcess(program, [], pathsOf(shared.path), (text) => (said += text));
    using still = await holdStill(target.pid);
    const found = find(still);
    if (!found.ok) throw new Error(JSON.stringify(found.error));
    expect(found.value.file).toMatch(/libpython/);
    expect(said).toContain(`dict 0x${(found.value.symbols.get("PyDict_Type") ?? 0).toString(16)}\n`);
    const program0 = still.mappings[0]?.start ?? 0;
    expect(found.value.symbols.get("PyDict_Type")).toBeLessThan(program0 + (1 << 24));
  });
});

describe("a build that we cannot read", () => {
  const base = 0x7f0000000000;
  const process = (
    symbols: Record<string, number>,
    data: Uint8Array = new Uint8Array(0x1000),
  ): ReturnType<typeof findInterpreter> => {
    const library = libraryBytes({ Py_GetVersion: 0x1000, PyType_Type: 0x1800, _PyRuntime: 0x1f00, ...symbols });
    const bytes = new Uint8Array(0x10000);
    bytes.set(library);
    bytes.set(data, 0x8000);
    const mappings: FileMapping[] = [
      { start: base as Addr, end: (base + library.length) as Addr, fileOffset: 0, path: "/opt/lib/libpython3.13.so" },
    ];
    const read = (address: Addr, length: number): Uint8Array => bytesReadAt(bytes).read(address - base, length);
    return findInterpreter(mappings, () => bytesReadAt(library), read, CONTEXT);
  };
  const version = Uint8Array.of(0xf0, 1, 13, 3, 0, 0, 0, 0);

  it("is named by its marker", () => {
    const build = (symbol: string): unknown => {
      const found = process({ Py_Version: 0x8000, [symbol]: 0x1000 }, version);
      return found.ok ? found.value.versionHex : found.error;
    };
    expect(build("other")).toBe(0x030d01f0);
    expect(build("_Py_DecRefShared")).toEqual({ code: "unsupported-build", version: "3.13.1", build: "free-threaded" });
    expect(build("_Py_RefTotal")).toEqual({ code: "unsupported-build", version: "3.13.1", build: "debug" });
  });

  it("is recognised by its own description", () => {
    const offsets = new Uint8Array(24);
    offsets.set(Buffer.from("xdebugpy"));
    offsets.set(version, 8);
    offsets[16] = 1;
    expect(process({ _PyRuntime: 0x8000 }, offsets)).toMatchObject({
      ok: false,
      error: { code: "unsupported-build", build: "free-threaded" },
    });
  });

  it("is not confused with one that has not started", () => {
    expect(process({})).toMatchObject({ ok: false, error: { code: "interpreter-not-initialised" } });
  });
});

describe("versions", () => {
  const inText = (text: string): string | undefined =>
    versionFromText(
      (address, length) => Buffer.from(text).subarray(address, address + length),
      [{ address: 0, bytes: text.length }],
    )?.text;

  it("are read from sys.version and nothing like it", () => {
    expect(inText("\0" + "3.8.18 (default, May  9 2026, 10:00:00) \n[GCC 12.2.0]\0")).toBe("3.8.18");
    expect(inText("3.13.0rc2+ (heads/3.13:abc, Sep 1 2024) [Clang 18.1.0 ]")).toBe("3.13.0rc2");
    expect(inText("3.40.1 2022-12-28 14:03:47")).toBeUndefined();
    expect(inText(`${"x".repeat((1 << 20) - 10)}3.9.18 (main, May  9 2026, 10:00:00) [GCC 12.2.0]`)).toBe("3.9.18");
  });

  it("are refused when they are none", () => {
    expect(versionFromHex(0x030b07f0)?.text).toBe("3.11.7");
    expect(versionFromHex(0)).toBeNull();
    expect(versionFromHex(0xdeadbeef)).toBeNull();
  });
});

/** So that a copied or embedding program finds its library and its modules. */
function pathsOf(python: string): NodeJS.ProcessEnv {
  const home = dirname(dirname(python));
  return { ...process.env, LD_LIBRARY_PATH: join(home, "lib"), PYTHONHOME: home };
}
