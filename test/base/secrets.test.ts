// What is never kept in a snapshot, not even as a name or a command line.

import { describe, expect, test } from "vitest";
import { looksLikeSecret, redactCommand, redactSourceLine } from "../../src/base/secrets.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("names", () => {
  test.each(["user_id", "SessionRegistry", "k17", "app.sessions.REGISTRY", "a_rather_long_name_of_a_setting_2024"])(
    "%s is kept",
    (name) => {
      expect(looksLikeSecret(bytes(name))).toBe(false);
    },
  );

  test.each([
    ["a GitHub token", "ghp_Zm9vYmFyYmF6cXV4MTIz"],
    ["an AWS key id", "AKIAIOSFODNN7EXAMPLE"],
    ["a JSON web token", "eyJhbGciOiJIUzI1NiJ9"],
    ["a hexadecimal digest", "9f86d081884c7d659a2feaa0c55ad015"],
    ["a random identifier", "x8Kd92mPq01LzVb77TtR"],
  ])("%s is hidden", (_, token) => {
    expect(looksLikeSecret(bytes(token))).toBe(true);
  });

  test("only the given part is looked at", () => {
    const text = bytes("9f86d081884c7d659a2feaa0c55ad015");
    expect(looksLikeSecret(text, 0, 10)).toBe(false);
  });
});

describe("command lines", () => {
  test("values of options that name a secret, in both spellings", () => {
    expect(redactCommand(["python", "app.py", "--db-password=hunter2", "--api-key", "abc", "--port", "80"])).toEqual([
      "python",
      "app.py",
      "--db-password=(hidden)",
      "--api-key",
      "(hidden)",
      "--port",
      "80",
    ]);
  });

  test("passwords in URLs", () => {
    expect(redactCommand(["worker", "redis://app:s3cret@cache:6379/0"])).toEqual([
      "worker",
      "redis://app:(hidden)@cache:6379/0",
    ]);
  });

  test("tokens that stand alone, but not paths", () => {
    expect(redactCommand(["run", "ghp_Zm9vYmFyYmF6cXV4MTIz", "/srv/9f86d081884c7d659a2feaa0c55ad015/app.py"])).toEqual([
      "run",
      "(hidden)",
      "/srv/9f86d081884c7d659a2feaa0c55ad015/app.py",
    ]);
  });
});

describe("a line of source", () => {
  test.each([
    ['PASSWORD = "swordfish"', 'PASSWORD = "(hidden)"'],
    ["config['api_key'] = 'abc'", "config['(hidden)'] = '(hidden)'"],
    ['URL = "postgres://shop:hunter2@db/shop"', 'URL = "postgres://shop:(hidden)@db/shop"'],
    ["SESSIONS = {}", "SESSIONS = {}"],
    ['self.user = "private-%d" % number', 'self.user = "private-%d" % number'],
    ["token_count += 1", "token_count += 1"],
  ])("%s", (line, shown) => {
    expect(redactSourceLine(line)).toBe(shown);
  });
});
