// Released packages whose source archives carry a test suite of pure Python that runs in minutes under the guard.

export interface Suite {
  /** As the package index knows it. */
  readonly name: string;
  readonly version: string;
  /** Folder or file of the tests in the archive. */
  readonly tests: string;
  /** What the tests need besides pytest. */
  readonly needs: readonly string[];
}

export const SUITES: readonly Suite[] = [
  { name: "cachetools", version: "6.2.1", tests: "tests", needs: [] },
  { name: "h11", version: "0.16.0", tests: "h11/tests", needs: [] },
  { name: "idna", version: "3.10", tests: "tests", needs: [] },
  { name: "itsdangerous", version: "2.2.0", tests: "tests", needs: ["freezegun"] },
  { name: "markupsafe", version: "3.0.3", tests: "tests", needs: [] },
  { name: "pluggy", version: "1.6.0", tests: "testing", needs: [] },
  { name: "toolz", version: "1.0.0", tests: "toolz/tests", needs: [] },
];
