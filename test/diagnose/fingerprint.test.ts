import { describe, expect, it } from "vitest";
import { fingerprintOfLeak } from "../../src/diagnose/fingerprint.ts";
import type { Holder } from "../../src/model/holder.ts";

const at = (path: string, change: Partial<Holder> = {}): Holder => ({
  path,
  kind: "module-global",
  module: "app",
  name: "X",
  type: "dict",
  file: "/srv/app.py",
  line: 3,
  ...change,
});
const print = (path: string, change: Partial<Holder> = {}): string =>
  fingerprintOfLeak("L1", at(path, change), "app.Session");

describe("a fingerprint", () => {
  it.each([
    ["keys", "sys.modules['app'].X['k17'].rows", "sys.modules['app'].X['k18'].rows"],
    ["keys with quotes", "sys.modules['app'].X['it\\'s'].rows", "sys.modules['app'].X[17].rows"],
    ["lines", "<closure make at app.py:31>.rows", "<closure make at app.py:44>.rows"],
    ["threads", 'thread "worker-1" in run() local rows', 'thread "worker-22" in run() local rows'],
    ["addresses", "<native 0x7f12>", "<native 0x7faa>"],
  ])("does not depend on %s", (_, one, other) => {
    expect(print(one)).toBe(print(other));
  });

  it("does not depend on where the program lies", () => {
    expect(print("a", { file: "/srv/app.py", line: 3 })).toBe(print("a", { file: "/home/u/app.py", line: 9 }));
  });

  it.each([
    ["modules", "sys.modules['app'].X", "sys.modules['web'].X"],
    ["names", "sys.modules['app'].X", "sys.modules['app'].Y"],
    ["attributes", "sys.modules['app'].X.rows", "sys.modules['app'].X.cells"],
  ])("tells %s apart", (_, one, other) => {
    expect(print(one)).not.toBe(print(other));
  });
});
