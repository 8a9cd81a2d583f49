import { join } from "node:path";
import { expect, it } from "vitest";
import { stablePaths } from "../../../src/app/scan/stable-path.ts";
import { projectFolder } from "./project-folder.ts";

it("names a file as it lies below the folder of the scan", () => {
  expect(stablePaths("/work", ["."])("shop/app.py")).toBe("shop/app.py");
});

it("names a file elsewhere from the top of its project, wherever that lies", () => {
  const names = ["one", "two"].map((machine) => {
    using folder = projectFolder({ [`${machine}/shop/pyproject.toml`]: "", [`${machine}/shop/src/app.py`]: "" });
    return stablePaths("/", [folder.path])(join(folder.path, machine, "shop/src/app.py"));
  });
  expect(names).toEqual(["src/app.py", "src/app.py"]);
});

it("names a file of no project from the argument that led to it", () => {
  using folder = projectFolder({ "lib/shop/app.py": "" });
  const file = join(folder.path, "lib/shop/app.py");
  expect(stablePaths("/", [join(folder.path, "lib")])(file)).toBe("shop/app.py");
  expect(stablePaths("/", [file])(file)).toBe("app.py");
});
