/**
 * A file of a store that cannot be read as it lies there, though others can: somebody else's, no regular file, a
 * link, larger than any that this program writes. It is left out; nothing is known of what is in it.
 */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';

  /**
   * @param path in the store
   * @param reason in words that follow the path
   * @param mayBeSound whether others may be able to read it, or this program later on
   */
  constructor(
    readonly path: string,
    readonly reason: string,
    readonly mayBeSound = false,
    options?: ErrorOptions,
  ) {
    super(`${path} cannot be used: ${reason}`, options);
  }
}

/** The most bytes of any file of a store. What decodes to more is refused anyway; see `layout/layout.ts`. */
export const LARGEST_FILE = 1_000_000_000;

/** @throws UnusableFile when a file has more bytes than it may have */
export function requireNotLarger(path: string, bytes: number, largest: number): void {
  if (bytes <= largest) return;
  throw new UnusableFile(path, `it has ${bytes} bytes, more than the ${largest} that it may have`);
}
