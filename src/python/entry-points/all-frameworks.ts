// Earlier rows win where two frameworks would claim one function with the same kind.

import { AIOHTTP } from "./aiohttp.ts";
import { ASYNCIO } from "./asyncio.ts";
import { CELERY } from "./celery.ts";
import { CLICK } from "./click.ts";
import { DISCORD } from "./discord.ts";
import { DJANGO } from "./django.ts";
import type { Framework } from "./entry-point.ts";
import { FASTAPI } from "./fastapi.ts";
import { FLASK } from "./flask.ts";
import { MESSAGES } from "./messages.ts";
import { PYTEST } from "./pytest.ts";
import { STANDARD_LIBRARY } from "./standard-library.ts";
import { TORNADO } from "./tornado.ts";

export const FRAMEWORKS: readonly Framework[] = [
  PYTEST,
  FLASK,
  FASTAPI,
  DJANGO,
  CELERY,
  AIOHTTP,
  TORNADO,
  CLICK,
  DISCORD,
  ASYNCIO,
  MESSAGES,
  STANDARD_LIBRARY,
];
