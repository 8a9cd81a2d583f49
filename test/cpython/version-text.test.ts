import { expect, it } from "vitest";
import { versionText } from "../../src/cpython/version-text.ts";

it.each([
  [0x030b07f0, "3.11.7"],
  [0x030812f0, "3.8.18"],
  [0x030d00c2, "3.13.0rc2"],
  [0x030e00a1, "3.14.0a1"],
  [0x030e00b3, "3.14.0b3"],
])("PY_VERSION_HEX %s is %s", (hex, text) => expect(versionText(hex)).toBe(text));
