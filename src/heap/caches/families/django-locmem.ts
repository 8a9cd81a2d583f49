// Django's LocMemCache: an OrderedDict of pickles, `_max_entries` of them, one cache per process
// (django/core/cache/backends/locmem.py, 3.2 to 5.2).

import { attributeOf, intAttributeAt } from "../attributes.ts";
import { type CacheFamilyByType } from "../found-cache.ts";

const OWN_PATH = /^(?:django\.core\.cache\.caches\.|contextvar "asgiref\.local").*(\['[^']+'\])$/;

export const djangoLocmem: CacheFamilyByType = {
  family: "django-locmem",
  types: ["django.core.cache.backends.locmem.LocMemCache"],
  read({ snapshot }, node) {
    const entries = attributeOf(snapshot, node, "_cache");
    if (entries === null) return null;
    return {
      family: "django-locmem",
      node,
      entries,
      bound: { kind: "unknown" },
      boundAt: intAttributeAt(snapshot, node, "_max_entries"),
      cached: null,
      // What hangs between is Django's own, `caches._connections._storage...['default']`, or asgiref's, in a context variable.
      nameFor: (path) => path.replace(OWN_PATH, "django.core.cache.caches$1"),
      notes: ["Values are pickles, so its bytes are those of the pickles."],
    };
  },
};
