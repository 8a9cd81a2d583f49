// The sources of real processes: which files, under which names, and what is said when they are not as they were.

import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readProject } from "../../../src/app/diagnose/read-project.ts";
import { grow, type GrowingProgram } from "../../diagnose/growing-program.ts";

/** A busy machine takes its time. */
const LONGEST_MS = 180_000;

const PROGRAM: GrowingProgram = {
  concerned: [],
  start: ["-m", "shop.main"],
  sources: {
    "shop/__init__.py": "",
    "shop/settings.py": "LIMITS = {}\nNAMES = []\n",
    "shop/store.py": "from .settings import LIMITS\nROWS = []\ndef add(row):\n    ROWS.append(row)\n",
    "shop/main.py":
      "from . import store, settings\ndef work():\n    store.add('x' * 9000)\n    settings.NAMES.append('y' * 5000)\n",
  },
};

const inOrder = (a: string, b: string): number => (a < b ? -1 : 1);

describe("the sources of a process", () => {
  it(
    "are its own modules, under the names it uses, with absolute paths",
    async () => {
      await using grown = await grow(PROGRAM);
      const { source, folder } = grown;
      expect(
        source.project.files.map(({ path, module }) => `${module} ${path.slice(folder.length)}`).toSorted(inOrder),
      ).toEqual([
        "shop /shop/__init__.py",
        "shop.main /shop/main.py",
        // No function says where this one lies.
        "shop.settings /shop/settings.py",
        "shop.store /shop/store.py",
      ]);
      expect(source.moduleInProject("__main__")).toBe("shop.main");
      expect(source.warnings).toEqual([]);
      // The relative imports of the main program lead somewhere.
      expect(source.project.containerOf("shop.main.store.ROWS")?.name).toBe("shop.store.ROWS");
    },
    LONGEST_MS,
  );

  it(
    "leave out the standard library, unless a holder is there",
    async () => {
      const program = {
        sources: { "main.py": "import json, logging\nKEPT = []\ndef work():\n    KEPT.append('x' * 5000)\n" },
      };
      await using alone = await grow({ ...program, concerned: [] });
      expect(alone.source.project.files.map(({ module }) => module)).toEqual(["__main__"]);
      await using concerned = await grow({ ...program, concerned: ["logging"] });
      const modules = concerned.source.project.files.map(({ module }) => module);
      expect(modules).toContain("logging");
      expect(modules).not.toContain("json");
      expect(concerned.source.isOwn(concerned.source.project.moduleOf("logging")!.path)).toBe(false);
    },
    LONGEST_MS,
  );

  it(
    "that were changed after the start, or deleted, are said",
    async () => {
      await using grown = await grow({
        ...PROGRAM,
        meanwhile: (folder) => {
          const later = new Date(Date.now() + 60_000);
          utimesSync(join(folder, "shop/store.py"), later, later);
          renameSync(join(folder, "shop/main.py"), join(folder, "shop/main.old"));
        },
      });
      const said = grown.source.warnings.join("\n");
      expect(said).toMatch(/1 source file changed after the process had started; .*: \/\S*\/shop\/store\.py\./);
      expect(said).toMatch(/1 source file cannot be found .*: \/\S*\/shop\/main\.py\./);
    },
    LONGEST_MS,
  );

  it(
    "are read again only when they have changed",
    async () => {
      const cacheFolder = mkdtempSync(join(tmpdir(), "dw-facts-"));
      try {
        await using grown = await grow(PROGRAM);
        const file = join(grown.folder, "shop/store.py");
        const namesNow = async (text: string, modified: Date): Promise<readonly string[]> => {
          writeFileSync(file, text);
          utimesSync(file, modified, modified);
          const concerned = { modules: [], files: [], spellings: [] };
          const asked = { analysis: grown.last, pid: grown.pid, concerned, cacheFolder, version: "test" };
          return (await readProject(asked)).project.containers.map(({ name }) => name);
        };
        const [long, lately] = [new Date(Date.now() - 7_200_000), new Date(Date.now() - 3_600_000)];
        expect(await namesNow("ROWS = []\n", long)).toContain("shop.store.ROWS");
        // Nobody looks into a file of the same size and time.
        expect(await namesNow("COLS = []\n", long)).toContain("shop.store.ROWS");
        expect(await namesNow("COLS = []\n", lately)).toContain("shop.store.COLS");
      } finally {
        rmSync(cacheFolder, { recursive: true, force: true });
      }
    },
    LONGEST_MS,
  );

  it(
    "have the findings of the rules, with patches that begin at the folder of the process",
    async () => {
      await using grown = await grow({
        sources: {
          "main.py":
            "import functools\nKEPT = []\nclass Report:\n    @functools.lru_cache(maxsize=None)\n    def total(self):\n        return 1\ndef work():\n    KEPT.append('x' * 5000)\n    Report().total()\n",
        },
      });
      const finding = grown.source.findings.find(({ code }) => code === "DW102");
      expect(finding).toMatchObject({ line: 4, cause: "L4" });
      const edit = { file: join(grown.folder, "main.py"), start: 0, end: 0, text: "# note\n" };
      expect(grown.source.patchOf([edit])).toMatch(
        /^--- a\/main\.py\n\+\+\+ b\/main\.py\n@@ -1,3 \+1,4 @@\n\+# note\n/,
      );
    },
    LONGEST_MS,
  );

  it(
    "of a process that says nothing are a warning, and no failure",
    async () => {
      await using grown = await grow({
        sources: { "main.py": "KEPT = []\ndef work():\n    KEPT.append('x' * 5000)\n" },
        meanwhile: (folder) => writeFileSync(join(folder, "main.py"), "def ("),
      });
      expect(grown.source.project.files).toHaveLength(1);
      expect(grown.source.linesOf("/no/such/file.py")).toEqual([]);
    },
    LONGEST_MS,
  );
});
