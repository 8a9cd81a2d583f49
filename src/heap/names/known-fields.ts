// Names for fields that CPython exposes by other means than tp_members, so that paths read as Python does.

import { Kind } from "../../cpython/kinds.ts";
import type { Layout } from "../../cpython/layout.ts";
import { ELEMENT, NDARRAY } from "../../cpython/references-extension.ts";

type Named = readonly (readonly [offset: number, name: string])[];

/** [byte offset, name] of the fields of one type; bases are asked separately. */
export function knownFields(layout: Layout, kind: Kind, typeName: string): Named {
  switch (kind) {
    case Kind.type:
      return typeFields(layout);
    case Kind.module:
      return [
        [layout.private.module.dict, "__dict__"],
        [layout.private.module.name, "__name__"],
      ];
    case Kind.lruCache: {
      const { cache, function: wrapped, cacheInfoType, dict } = layout.private.lruCache;
      return [
        [cache, "cache"],
        [wrapped, "__wrapped__"],
        [cacheInfoType, "cache_info_type"],
        [dict, "__dict__"],
      ];
    }
    case Kind.lruLink:
      return [
        [layout.private.lruLink.key, "key"],
        [layout.private.lruLink.result, "result"],
      ];
    case Kind.weakref:
      return [[layout.weakref.callback, "__callback__"]];
    case Kind.orderedDict:
      return [[layout.private.orderedDict.dict, "__dict__"]];
    case Kind.ndarray:
    case Kind.element:
      return extensionFields(layout, kind);
    case Kind.memoryview:
      return [[layout.buffers.memoryviewManagedBuffer, "buffer"]];
    case Kind.managedBuffer:
      return [[layout.private.managedBuffer.object, "obj"]];
    case Kind.bytesIO:
      return [[layout.private.bytesIO.buffer, "buffer"]];
    case Kind.buffered:
      return [[layout.private.buffered.raw, "raw"]];
    case Kind.contextVariable:
      return [
        [layout.private.contextVariable.name, "name"],
        [layout.private.contextVariable.default, "<default>"],
      ];
    case Kind.code:
      return codeFields(layout);
    case Kind.generator:
      return generatorFields(layout);
    case Kind.frame:
    case Kind.frameView:
      return [
        ...embeddedFrameFields(layout, layout.frameObject.embeddedFrame),
        [layout.frameObject.back, "f_back"],
        [layout.frameObject.trace, "f_trace"],
        [layout.frameObject.code ?? -8, "f_code"],
        [layout.frameObject.globals ?? -8, "f_globals"],
      ];
    default:
      return fieldsByName(layout, typeName);
  }
}

/** Fields of structs that references-extension.ts reads. */
function extensionFields(layout: Layout, kind: Kind): Named {
  const { size: headBytes } = layout.objectHead;
  if (kind === Kind.ndarray)
    return [
      [headBytes + NDARRAY.base, "base"],
      [headBytes + NDARRAY.descriptor, "dtype"],
    ];
  return [
    [headBytes + ELEMENT.tag, "tag"],
    [headBytes + ELEMENT.text, "text"],
    [headBytes + ELEMENT.tail, "tail"],
    [headBytes + ELEMENT.extra, "attrib"],
  ];
}

function typeFields(layout: Layout): Named {
  const { type, heapType } = layout;
  const named: [number, string][] = [
    [type.dict, "__dict__"],
    [type.mro, "__mro__"],
    [type.bases, "__bases__"],
    [type.base, "__base__"],
    [type.cache, "tp_cache"],
    [type.subclasses, "__subclasses__"],
    [heapType.name, "__name__"],
    [heapType.slots, "__slots__"],
    [heapType.qualname, "__qualname__"],
  ];
  if (heapType.module !== null) named.push([heapType.module, "__module__"]);
  return named;
}

function codeFields(layout: Layout): Named {
  const { code } = layout;
  const named: [number, string][] = [
    [code.name, "co_name"],
    [code.filename, "co_filename"],
  ];
  if (code.qualname !== null) named.push([code.qualname, "co_qualname"]);
  return named;
}

/** Objects/funcobject.c, cellobject.c, exceptions.c, classobject.c. */
function fieldsByName(layout: Layout, typeName: string): Named {
  const { function: fn } = layout;
  switch (typeName) {
    case "function": {
      const named: [number, string][] = [
        [fn.code, "__code__"],
        [fn.globals, "__globals__"],
        [fn.name, "__name__"],
        [fn.qualname, "__qualname__"],
        [fn.defaults, "__defaults__"],
        [fn.kwdefaults, "__kwdefaults__"],
        [fn.closure, "__closure__"],
        [fn.doc, "__doc__"],
        [fn.dict, "__dict__"],
        [fn.module, "__module__"],
        [fn.annotations, "__annotations__"],
      ];
      if (fn.builtins !== null) named.push([fn.builtins, "__builtins__"]);
      return named;
    }
    case "cell":
      return [[layout.cellReference, "cell_contents"]];
    case "BaseException":
      return exceptionFields(layout);
    case "builtin_function_or_method":
      return [
        [layout.objectHead.size + 8, "__self__"],
        [layout.objectHead.size + 16, "__module__"],
      ];
    default:
      return [];
  }
}

function exceptionFields(layout: Layout): Named {
  const { dict, args, notes, traceback, context, cause } = layout.exception;
  const named: [number, string][] = [
    [dict, "__dict__"],
    [args, "args"],
    [traceback, "__traceback__"],
    [context, "__context__"],
    [cause, "__cause__"],
  ];
  if (notes !== null) named.push([notes, "__notes__"]);
  return named;
}

/** Fields of a generator that are always set; others may hold stale words and are checked against refcounts. */
function generatorFields(layout: Layout): Named {
  const { name, qualname, interpreterFrame } = layout.generator;
  return [[name, "__name__"], [qualname, "__qualname__"], ...embeddedFrameFields(layout, interpreterFrame)];
}

function embeddedFrameFields(layout: Layout, start: number | null): Named {
  const frame = layout.interpreterFrame;
  if (frame === null || start === null) return [];
  return [
    [start + frame.code, "f_code"],
    [start + frame.function, "f_func"],
    [start + frame.locals, "f_locals"],
    [start + frame.frameObject, "f_frame"],
  ];
}
