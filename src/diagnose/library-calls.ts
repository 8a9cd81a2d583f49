// Containers of the standard library and of well known packages are filled through calls. What the program can change is
// its call, so that is the line to show.

import type { Holder, PathStep } from "../model/holder.ts";

/** A registry and how a program gets at it. */
export interface LibraryRegistry {
  /** What the holder's path looks like. */
  readonly path: RegExp;
  /** Callees that put something in: absolute, or `.method` for a method of any object. */
  readonly fills: readonly string[];
  readonly empties: readonly string[];
  /** "the registry of exit functions". */
  readonly what: string;
}

const registry = (
  path: RegExp,
  what: string,
  fills: readonly string[],
  empties: readonly string[] = [],
): LibraryRegistry => ({ path, what, fills, empties });

const TASKS = [
  "asyncio.create_task",
  "asyncio.ensure_future",
  ".create_task",
  "asyncio.gather",
  "asyncio.run_coroutine_threadsafe",
] as const;

/** The first that fits is taken. */
const REGISTRIES: readonly LibraryRegistry[] = [
  registry(/atexit/, "the list of exit functions", ["atexit.register", ".register"], ["atexit.unregister"]),
  registry(
    /logging.*\.handlers|\.handlers\b.*(?:Logger|logging)|_handlerList|logging'\]\._handlers/,
    "the handlers of a logger",
    [".addHandler", "logging.Logger.addHandler", "logging.basicConfig", "logging.StreamHandler", "logging.FileHandler"],
    [".removeHandler"],
  ),
  registry(/logging.*\.filters/, "the filters of a logger", [".addFilter"], [".removeFilter"]),
  registry(/loggerDict|sys\.modules\['logging'\].*manager/, "the table of all loggers", [
    "logging.getLogger",
    ".getChild",
  ]),
  registry(
    /_pointer_type_cache/,
    "the table of pointer types",
    ["ctypes.POINTER", "ctypes.pointer", "_ctypes.POINTER", "_ctypes.pointer"],
    ["ctypes._reset_cache"],
  ),
  registry(/weakref'\]\.finalize|finalize\._registry/, "the registry of finalizers", ["weakref.finalize"], [".detach"]),
  registry(/singledispatch|functools.*\.registry/, "the table of a single-dispatch function", [".register"]),
  registry(
    /sys\.modules\['re'\]\._cache|sys\.modules\['re'\]\._cache2/,
    "the cache of compiled patterns",
    ["re.compile", "re.match", "re.search", "re.sub"],
    ["re.purge"],
  ),
  registry(
    /warnings'\]\.filters|_warnings.*filters/,
    "the list of warning filters",
    ["warnings.filterwarnings", "warnings.simplefilter"],
    ["warnings.resetwarnings"],
  ),
  registry(
    /warnings.*onceregistry|__warningregistry__/,
    "the registry of warnings already shown",
    ["warnings.warn"],
    ["warnings.resetwarnings"],
  ),
  registry(
    /linecache'\]\.cache/,
    "the cache of source lines",
    ["linecache.getlines", "linecache.getline", "traceback.format_exc", "traceback.print_exc"],
    ["linecache.clearcache", "linecache.checkcache"],
  ),
  registry(/gc'\]\.callbacks/, "the callbacks of the collector", ["gc.callbacks.append"], ["gc.callbacks.remove"]),
  registry(/codec_error_registry/, "the error handlers of codecs", ["codecs.register_error"]),
  registry(/codec_search_cache/, "the codecs that were looked up", ["codecs.lookup", ".encode", ".decode"]),
  registry(/codecs|search_path/, "the search functions of codecs", ["codecs.register"], ["codecs.unregister"]),
  registry(/_forkers\b|_forkers_/, "the functions that are called around a fork", ["os.register_at_fork"]),
  registry(/audit_hooks/, "the audit hooks", ["sys.addaudithook"]),
  registry(/interned_strings/, "the table of interned strings", ["sys.intern", "setattr", ".__setattr__"]),
  registry(
    /threading'\]\.(?:_active|_limbo|_dangling|_shutdown)/,
    "the running threads",
    ["threading.Thread", "threading.Timer", ".start"],
    [".join"],
  ),
  registry(
    /_work_queue|_work_items|_pending_work_items|concurrent\.futures|ThreadPoolExecutor/,
    "the work queue of an executor",
    [".submit", ".map", ".run_in_executor"],
    [".shutdown"],
  ),
  registry(
    /_ready\b|_scheduled\b|asyncio.*_all_tasks|_scheduled_tasks|_eager_tasks|_asyncio\.Task|asyncio\.Task/,
    "the tasks of the event loop",
    [...TASKS, ".call_later", ".call_soon", ".call_at"],
    [".cancel"],
  ),
  registry(/_asyncgens|_signal_handlers/, "what the event loop keeps", [".add_signal_handler"], []),
  registry(
    /\.receivers\b|_by_receiver|_by_sender|signals?\b.*sender_receivers/,
    "the receivers of a signal",
    [".connect", ".connect_via"],
    [".disconnect"],
  ),
  registry(
    /\._exit_callbacks\b/,
    "an exit stack",
    [".enter_context", ".callback", ".push", ".enter_async_context", ".push_async_callback", ".push_async_exit"],
    [".pop_all", ".close", ".aclose"],
  ),
  registry(/\._(?:done_)?callbacks\b/, "the callbacks of a future", [".add_done_callback"], [".remove_done_callback"]),
  registry(
    /_listeners\b|_event_listeners|_observers\b|_subscribers\b/,
    "a list of listeners",
    [".add_listener", ".subscribe", ".on", ".add_observer", ".listen", ".attach", ".register"],
    [".remove_listener", ".unsubscribe", ".off", ".remove_observer", ".detach"],
  ),
  registry(
    /prometheus_client|_metrics\b|_collector_to_names/,
    "the label values of a metric",
    [".labels", "prometheus_client.Counter", "prometheus_client.Gauge", "prometheus_client.Histogram"],
    [".remove", ".clear"],
  ),
  registry(
    /mock_calls|method_calls|call_args_list|_mock_children/,
    "the calls that a mock remembers",
    [],
    [".reset_mock"],
  ),
  registry(
    /sys\.modules\['sqlalchemy[.\w]*'\]|_sa_event/,
    "the listeners of SQLAlchemy",
    ["sqlalchemy.event.listen", "sqlalchemy.event.listens_for"],
    ["sqlalchemy.event.remove"],
  ),
  registry(/multiprocessing.*_children/, "the child processes", ["multiprocessing.Process"], [".join"]),
  registry(
    /sys\.modules\['sys'\]\.path\b|sys\.path\b/,
    "the search path of imports",
    ["sys.path.append", "sys.path.insert"],
    ["sys.path.remove"],
  ),
  registry(
    /meta_path|path_hooks/,
    "the import hooks",
    ["sys.meta_path.append", "sys.meta_path.insert", "sys.path_hooks.append"],
    [],
  ),
  registry(/sys\.modules\['(?:tempfile|shutil|mimetypes)'\]/, "a table of the standard library", [
    "tempfile.TemporaryDirectory",
    "mimetypes.add_type",
  ]),
];

/** By the holder's path and the types on it. */
export function registryOf(holder: Holder, steps: readonly PathStep[]): LibraryRegistry | null {
  const path = `${holder.path} ${steps.map(({ type }) => type).join(" ")} ${holder.type}`;
  return REGISTRIES.find((each) => each.path.test(path)) ?? null;
}

/** What makes a task, for coroutines that nobody of the program holds by name. */
export const TASK_MAKERS: readonly string[] = TASKS;
