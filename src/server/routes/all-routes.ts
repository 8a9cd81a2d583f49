// The whole API.

import type { Route } from "../route.ts";
import { CACHE_ROUTES } from "./cache-routes.ts";
import { DIAGNOSIS_ROUTES } from "./diagnosis-routes.ts";
import { JOB_ROUTES } from "./job-routes.ts";
import { PROCESS_ROUTES } from "./process-routes.ts";
import { SNAPSHOT_ROUTES } from "./snapshot-routes.ts";

export const ALL_ROUTES: readonly Route[] = [
  ...PROCESS_ROUTES,
  ...SNAPSHOT_ROUTES,
  ...DIAGNOSIS_ROUTES,
  ...CACHE_ROUTES,
  ...JOB_ROUTES,
];
