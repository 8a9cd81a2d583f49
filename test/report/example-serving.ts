// What `serve --json` prints.

import type { ServingReport } from "../../src/model/serving-report.ts";

export const servingOfShop: ServingReport = {
  schema: "deadweight/serving@1",
  address: "http://127.0.0.1:7787/",
  visit: "http://127.0.0.1:7787/#token=abc",
  token: "abc",
};
