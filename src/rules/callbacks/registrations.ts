// Calls that put a callback into a registry, and what takes it out again.

import type { FileView } from "../../python/file-view.ts";
import { absoluteName, namedPlace } from "../../python/names-in-file.ts";
import { lookUp } from "../../python/scopes.ts";
import type { Call, Expression } from "../../python/tree.ts";

export interface Registration {
  /** The registry, as `deadweight top` would find it. */
  readonly registry: string;
  /** Which argument is the callback. */
  readonly position: number;
  readonly removers: readonly string[];
  /** It lives as long as the process, whoever asks. */
  readonly isOfProcess: boolean;
  /** The same function again is not added again. */
  readonly dropsTheSame: boolean;
}

const process = (
  position: number,
  removers: readonly string[],
  dropsTheSame: boolean,
): Omit<Registration, "registry"> => ({
  position,
  removers,
  isOfProcess: true,
  dropsTheSame,
});

/** Functions of the standard library and of well known packages. */
const REGISTRIES: ReadonlyMap<string, Omit<Registration, "registry">> = new Map([
  ["atexit.register", process(0, ["unregister"], false)],
  ["codecs.register", process(0, ["unregister"], false)],
  ["os.register_at_fork", process(0, [], false)],
  ["gc.callbacks.append", process(0, ["remove", "clear"], false)],
  ["sys.meta_path.append", process(0, ["remove", "meta_path"], false)],
  ["sys.meta_path.insert", process(1, ["remove", "meta_path"], false)],
  ["sys.path_hooks.append", process(0, ["remove", "path_hooks"], false)],
  ["sys.path_hooks.insert", process(1, ["remove", "path_hooks"], false)],
  // Of whatever it listens to: mostly classes, sometimes one engine or session.
  ["sqlalchemy.event.listen", { position: 2, removers: [], isOfProcess: false, dropsTheSame: true }],
]);

/** Methods by which objects take callbacks, and those that take them out. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ["subscribe", ["unsubscribe", "remove_subscriber", "dispose"]],
  ["add_listener", ["remove_listener", "remove_all_listeners", "off"]],
  ["add_observer", ["remove_observer", "unobserve", "delete_observer"]],
  ["add_callback", ["remove_callback"]],
  ["add_event_listener", ["remove_event_listener"]],
  ["add_event_handler", ["remove_event_handler"]],
  ["register_callback", ["unregister_callback", "deregister_callback", "remove_callback"]],
  ["register_handler", ["unregister_handler", "remove_handler"]],
  ["register_listener", ["unregister_listener", "remove_listener"]],
  ["addObserver", ["removeObserver"]],
  ["addListener", ["removeListener"]],
  ["on", ["off", "remove_listener", "remove_all_listeners"]],
]);

/** Signals whose `connect` holds weakly unless told otherwise. */
const WEAK_SIGNALS =
  /^(?:django\.(?:db\.models\.signals|core\.signals|dispatch|contrib\.auth\.signals|test\.signals)|blinker|celery\.signals|flask\.signals|flask|scrapy\.signals)\b/;

/** What a call registers where; null for other calls. O(depth). */
export function registrationOf(file: FileView, call: Call): Registration | null {
  const name = absoluteName(file, call.callee);
  const known = name === null ? undefined : REGISTRIES.get(name);
  if (name !== null && known !== undefined)
    return { ...known, registry: name.replace(/\.(?:register|append|insert|listen)$/, "") };
  if (call.callee.kind !== "attribute") return null;
  const { object, name: method } = call.callee;
  if (method === "connect") return signalConnection(file, call, object);
  const removers = METHODS.get(method);
  const place = removers === undefined ? null : lastingPlace(file, object);
  if (removers === undefined || place === null) return null;
  const position = call.arguments.length > 1 ? 1 : 0;
  return { registry: place, position, removers, isOfProcess: false, dropsTheSame: false };
}

/** `signal.connect(receiver, weak=False)` without a `dispatch_uid`. */
function signalConnection(file: FileView, call: Call, object: Expression): Registration | null {
  const place = lastingPlace(file, object);
  if (place === null || !WEAK_SIGNALS.test(place)) return null;
  const option = (name: string): Expression | undefined => call.arguments.find((each) => each.name === name)?.value;
  const weak = option("weak");
  const isStrong = weak?.kind === "constant" && weak.text === "False";
  const uid = option("dispatch_uid");
  if (!isStrong || (uid !== undefined && uid.kind === "constant")) return null;
  return { registry: place, position: 0, removers: ["disconnect"], isOfProcess: true, dropsTheSame: true };
}

/** The absolute name of a global of this module or of an imported one. */
function lastingPlace(file: FileView, object: Expression): string | null {
  let root = object;
  while (root.kind === "attribute") root = root.object;
  if (root.kind !== "name") return null;
  const variable = lookUp(file.scopes.scopeOf(root), root.id);
  if (variable?.scope.kind !== "module" && variable?.bindings[0]?.how !== "import") return null;
  // A class takes no callbacks by itself, but an attribute of it may.
  if (variable.bindings[0]?.how === "class" && root === object) return null;
  return namedPlace(file, object)?.name ?? null;
}
