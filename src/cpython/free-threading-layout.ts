// What only builds without a GIL have (3.13+): counts in two parts, and objects that the collector finds in the pages of
// mimalloc instead of on lists. Include/object.h, Include/internal/pycore_gc.h, pycore_mimalloc.h, mimalloc/types.h.

/** Offsets in bytes; numbers as CPython's headers define them. */
export interface FreeThreadingLayout {
  /** `ob_gc_bits` and `ob_mutex`, a byte each. */
  readonly gcBits: number;
  readonly mutex: number;
  /** References that other threads than the owner made, shifted: two flags lie below. */
  readonly sharedRefcount: number;
  readonly sharedShift: number;
  /** `ob_ref_local` of what never dies. */
  readonly immortal: number;
  /** Bits of `ob_gc_bits`: the collector knows it, `gc.freeze` took it away, its references on stacks are not counted. */
  readonly tracked: number;
  readonly frozen: number;
  readonly deferred: number;
  /** In the runtime: a byte that says that every block has room for marks before it. */
  readonly debugAllocator: number;
  /** In a thread's state: whether its heaps are set up, and the two with objects that the collector knows. */
  readonly heapsReady: number;
  readonly heapGc: number;
  readonly heapGcPre: number;
  /** The same heaps as a page names them, whose thread may be gone. */
  readonly tagGc: number;
  readonly tagGcPre: number;
  /** In a heap: its queues of pages, by size of block. */
  readonly queues: number;
  readonly queueCount: number;
  readonly queueSize: number;
  readonly queueFirst: number;
  /** `mi_page_t`, which also is `mi_slice_t`. */
  readonly pageSize: number;
  readonly pageSlices: number;
  readonly pageSliceOffset: number;
  readonly pageCapacity: number;
  readonly pageBlockBytes: number;
  /** Blocks that are free: of its thread, freed since by its thread, and by others; the last has two flags in its lowest bits. */
  readonly pageFree: number;
  readonly pageLocalFree: number;
  readonly pageThreadFree: number;
  readonly pageNext: number;
  /** Four bits. */
  readonly pageTag: number;
  readonly pageTagShift: number;
  /** `mi_segment_t` lies at a multiple of its size, and describes its slices at its start. */
  readonly segmentBytes: number;
  readonly sliceBytes: number;
  readonly segmentSlices: number;
  readonly segmentEntries: number;
  readonly segmentNext: number;
  /** In an interpreter's state: segments that threads left behind. */
  readonly abandoned: number;
  readonly abandonedVisited: number;
}
