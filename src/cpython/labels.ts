// Labels say through which place of the referrer an edge goes; heap/snapshot.ts explains them to readers.

/** Label of a positional edge. */
export const POSITIONAL_LABEL = 0;
/** Label of the edge from an instance to its `__dict__`. */
export const DICT_LABEL = 1;
/** Label of the edge from an instance of a heap type to its type. */
export const CLASS_LABEL = 2;
/** Label of an edge whose place has no name. */
export const UNNAMED_LABEL = 3;
/** Label of a name held once more: by the keys its class shares among instances, by the list of an OrderedDict. */
export const SHARED_KEY_LABEL = 4;
/** Field labels: FIRST_FIELD_LABEL + (byte offset in the object / 8). */
export const FIRST_FIELD_LABEL = 16;
/** Set in labels of attributes kept in shared-key order. */
export const ATTRIBUTE_LABEL = 0x8000;

/** Label of the field at a byte offset; fields far out or not in the object at all have no name. */
export function fieldLabel(byteOffset: number): number {
  const label = FIRST_FIELD_LABEL + byteOffset / 8;
  return byteOffset < 0 || label >= ATTRIBUTE_LABEL ? UNNAMED_LABEL : label;
}
