// Whether a place keeps what is put into it.

import { sitesThat, type ContainerDefinition } from "../../python/definitions.ts";
import type { Project } from "../../python/project.ts";
import { remembered } from "../../python/remembered.ts";
import type { StoredPlace } from "./fate.ts";

export type Keeping =
  /** What was put there goes again, or the container has a bound. */
  | { readonly how: "let-go"; readonly because: string }
  /** One at a time: the next replaces it. */
  | { readonly how: "slot" }
  /** More and more. */
  | { readonly how: "growing"; readonly isProcessLong: boolean };

/** How a place keeps what is stored there, over the whole project. */
export function keepingOf(project: Project, place: StoredPlace): Keeping {
  if (!place.isElement) return { how: "slot" };
  const container = project.containerOf(place.name);
  // `log.add(error)`: a method of that name, of something that nobody has seen to be a container.
  if (container === null && place.adder !== undefined && place.adder !== "append")
    return { how: "let-go", because: `\`${place.name}\` is not known to be a container` };
  const emptied = container === null ? null : remembered(project, emptiedBy, container);
  if (emptied !== null) return { how: "let-go", because: emptied };
  return { how: "growing", isProcessLong: isProcessLong(project, place) };
}

function emptiedBy(container: ContainerDefinition, project: Project): string | null {
  const { fact } = container;
  if (fact.bound !== null) return "it has a bound";
  if (fact.family === "queue" || fact.family === "weak") return `it is a ${fact.type}`;
  const removal = sitesThat(container, "remove", "rebind").find(
    (site) => !site.module.isTest && (site.fact.action === "remove" || !project.isImportTimeOnly(site.function)),
  );
  // A binding in `__init__` makes the container; it empties nothing.
  if (removal === undefined || removal.function?.fact.name === "__init__") return null;
  return `\`${removal.fact.how}\` empties it`;
}

/** A global, a class attribute, or an attribute of an object that a global holds. */
function isProcessLong(project: Project, { holder, name }: StoredPlace): boolean {
  if (holder === "module" || holder === "class") return true;
  const className = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  return project.holdersOf(className).some((each) => project.moduleOf(each.slice(0, each.lastIndexOf("."))) !== null);
}
