// Lists of a tree, without the room that V8 leaves in them to grow.

/** What `push` on an empty array makes room for in V8 (JSObject::NewElementsCapacity): few lists of a source are longer. */
const ROOM = 17;

/**
 * The same list, in as much memory as it needs: most have one or two elements and room for 17. To be asked for when nothing is
 * added any more. O(length).
 */
export function fitted<Of>(list: Of[]): Of[] {
  return list.length > 0 && list.length < ROOM ? list.slice() : list;
}
