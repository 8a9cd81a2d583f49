// Bytes of a buffer of any size. Node 20 has no Uint8Array above 4 GiB (V8 11), though buffers and Uint32Arrays may be
// larger; so the bytes are seen through overlapping views, one for each GiB and up to 2 GiB long.

/** `windows[i]` begins at byte i * 2^30 of the buffer. */
export type ByteWindows = readonly Uint8Array[];

const WINDOW_BYTES = 2 ** 30;

export function byteWindows(buffer: ArrayBufferLike, size: number): ByteWindows {
  return Array.from({ length: Math.max(1, Math.ceil(size / WINDOW_BYTES)) }, (_, i) => {
    const start = i * WINDOW_BYTES;
    return new Uint8Array(buffer, start, Math.min(2 * WINDOW_BYTES, size - start));
  });
}

/** The byte at an offset in the buffer; 0 beyond its end. */
export function byteAt(windows: ByteWindows, offset: number): number {
  return windows[Math.floor(offset / WINDOW_BYTES)]?.[offset % WINDOW_BYTES] ?? 0;
}

/** The window that holds `offset` and at least a GiB after it, and where it begins. */
export function windowAt(windows: ByteWindows, offset: number): { readonly bytes: Uint8Array; readonly start: number } {
  const index = Math.min(Math.floor(offset / WINDOW_BYTES), windows.length - 1);
  return { bytes: windows[index] ?? new Uint8Array(0), start: index * WINDOW_BYTES };
}

/** A view of at most 1 GiB, cut at the end of the buffer. Not a copy. */
export function bytesIn(windows: ByteWindows, start: number, length: number): Uint8Array {
  const window = windowAt(windows, start);
  return window.bytes.subarray(start - window.start, start - window.start + Math.min(length, WINDOW_BYTES));
}
