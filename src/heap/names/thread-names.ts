// Names threads as the threading module knows them: `threading._active` maps thread idents to Thread objects.

import { redactText } from "../../base/secrets.ts";
import { attributeOf, forEachPair, intOf, type NameSource, stringOf, valueOf } from "./node-values.ts";

/** ident -> name of every thread that `threading` knows; empty when the program never imported it. */
export function threadNames(source: NameSource, modulesDict: number): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const threading = valueOf(source, modulesDict, "threading");
  const active = threading < 0 ? -1 : attributeOf(source, threading, "_active");
  if (active < 0) return names;
  forEachPair(source, active, (key, thread) => {
    const ident = intOf(source, key);
    const name = attributeOf(source, thread, "_name");
    if (ident !== null && name >= 0) names.set(String(ident), redactText(stringOf(source, name) ?? ""));
  });
  return names;
}
