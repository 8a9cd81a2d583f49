import type { Framework } from "./entry-point.ts";

/** pytest and unittest. */
export const PYTEST: Framework = {
  name: "pytest",
  rules: [
    {
      by: "decorator",
      names: ["pytest.fixture", "pytest.yield_fixture", "pytest_asyncio.fixture"],
      kind: "test",
      why: "a fixture",
    },
    { by: "shape", matches: ({ module }) => module.isTest, kind: "test", why: "in a file of tests" },
    {
      by: "base",
      bases: [
        "unittest.TestCase",
        "unittest.case.TestCase",
        "unittest.IsolatedAsyncioTestCase",
        "django.test.TestCase",
      ],
      methods: "public",
      kind: "test",
      why: "a method of a test case",
    },
  ],
};
