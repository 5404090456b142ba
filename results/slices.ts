/** Of a slice, at most. */
export interface SliceBounds {
  readonly items: number;
  /** One item may have more. */
  readonly bytes: number;
}

/** Items in their order, so many at a time as there is room for. */
export function* slicesOf<T extends { readonly bytes: number }>(
  items: Iterable<T>,
  most: SliceBounds,
): Iterable<readonly T[]> {
  let slice: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const isFull = slice.length === most.items || bytes + item.bytes > most.bytes;
    if (isFull && slice.length > 0) {
      yield slice;
      [slice, bytes] = [[], 0];
    }
    slice.push(item);
    bytes += item.bytes;
  }
  if (slice.length > 0) yield slice;
}
