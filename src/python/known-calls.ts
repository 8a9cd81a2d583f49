// Calls whose results are known by the documentation of the standard library.

import type { FiniteKind, FreshKind } from "./origin.ts";

const all = <Kind>(kind: Kind, names: string): readonly (readonly [string, Kind])[] =>
  names.split(" ").map((name) => [name, kind]);

/** Never the same twice, or nearly so. */
export const FRESH_CALLS: ReadonlyMap<string, FreshKind> = new Map<string, FreshKind>([
  ...all<FreshKind>(
    "time",
    "time.time time.time_ns time.monotonic time.monotonic_ns time.perf_counter time.perf_counter_ns time.process_time " +
      "datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.now datetime.utcnow " +
      "django.utils.timezone.now pendulum.now arrow.now arrow.utcnow",
  ),
  ...all<FreshKind>("uuid", "uuid.uuid1 uuid.uuid4 uuid.uuid6 uuid.uuid7 shortuuid.uuid ulid.new"),
  ...all<FreshKind>(
    "random",
    "random.random random.randint random.randrange random.getrandbits random.uniform secrets.token_hex " +
      "secrets.token_bytes secrets.token_urlsafe secrets.randbits secrets.randbelow os.urandom",
  ),
  ...all<FreshKind>("id", "id"),
  ...all<FreshKind>("repr", "repr"),
  ...all<FreshKind>("object", "object"),
  ...all<FreshKind>("counter", "next"),
  ...all<FreshKind>("process", "os.getpid threading.get_ident threading.get_native_id _thread.get_ident"),
]);

export const FINITE_CALLS: ReadonlyMap<string, FiniteKind> = new Map<string, FiniteKind>([
  ...all<FiniteKind>("bool", "bool isinstance issubclass callable hasattr any all"),
  ...all<FiniteKind>("type", "type"),
  ...all<FiniteKind>("module", "importlib.import_module __import__"),
]);

/** Methods of texts that give a text as open as the one they are called on. */
export const TEXT_METHODS: ReadonlySet<string> = new Set(
  (
    "lower upper strip lstrip rstrip title capitalize casefold encode decode replace removeprefix removesuffix hexdigest " +
    "isoformat strftime zfill ljust rjust"
  ).split(" "),
);
