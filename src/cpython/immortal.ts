// Objects that live as long as the interpreter, and whose refcount therefore counts nothing.

/**
 * Refcounts from here on are not counted references: 3.11's frozen modules start at 999,999,999
 * (Include/internal/pycore_object.h, _PyObject_IMMORTAL_REFCNT), and from 3.12 on bit 31 marks immortal objects.
 */
const IMMORTAL_REFCOUNT = 900_000_000;

/** `refcount`: the low half of ob_refcnt. */
export function isImmortal(refcount: number): boolean {
  return refcount >= IMMORTAL_REFCOUNT;
}
