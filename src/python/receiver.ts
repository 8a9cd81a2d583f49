// What the first parameter of a method stands for.

import type { ClassDef, FunctionDef } from "./tree.ts";

const CLASS_METHODS: ReadonlySet<string> = new Set(["__new__", "__init_subclass__", "__class_getitem__"]);

/** What a method's first parameter is; null for static methods. */
export function receiverOf(method: FunctionDef, owner: ClassDef): "instance" | "class" | null {
  const decorators = new Set(method.decorators.map((one) => (one.kind === "name" ? one.id : "")));
  if (decorators.has("staticmethod")) return null;
  if (decorators.has("classmethod") || CLASS_METHODS.has(method.name)) return "class";
  // Methods of a metaclass are given classes.
  const isMetaclass = owner.arguments.some(
    ({ name, value }) => name === null && value.kind === "name" && value.id === "type",
  );
  return isMetaclass ? "class" : "instance";
}
