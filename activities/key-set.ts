/** Of a key, this many hex digits tell it from all others, as they do the name of a part. */
const DIGITS = 32;
const WORDS = DIGITS / 8;

const FIRST_CAPACITY = 1024;

/**
 * A set of point keys in one flat array, 16 bytes a key and as much again free. A million texts in a `Set` take 150 MB,
 * which the garbage collector walks through again and again.
 */
export class KeySet {
  /** A power of two of places, each of `WORDS`; all zeros is a free one, which no SHA-256 is known to be. */
  #places = new Int32Array(FIRST_CAPACITY * WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a key.
   *
   * @param key SHA-256 in hex
   * @returns false when it was there
   */
  add(key: string): boolean {
    const words = wordsOf(key);
    if (!insert(this.#places, words)) return false;
    this.#size += 1;
    if (2 * this.#size * WORDS > this.#places.length) this.#grow();
    return true;
  }

  #grow(): void {
    const places = new Int32Array(2 * this.#places.length);
    for (let at = 0; at < this.#places.length; at += WORDS) {
      const words = this.#places.subarray(at, at + WORDS);
      if (words.some((word) => word !== 0)) insert(places, words);
    }
    this.#places = places;
  }
}

function wordsOf(key: string): Int32Array {
  return Int32Array.from({ length: WORDS }, (_, word) =>
    Number.parseInt(key.slice(8 * word, 8 * word + 8), 16),
  );
}

/** Linear probing: keys are hashes already. */
function insert(places: Int32Array, words: Int32Array): boolean {
  const mask = places.length - 1;
  for (let at = (words[0]! * WORDS) & mask; ; at = (at + WORDS) & mask) {
    let free = true;
    let equal = true;
    for (let word = 0; word < WORDS; word += 1) {
      const place = places[at + word]!;
      if (place !== 0) free = false;
      if (place !== words[word]) equal = false;
    }
    if (equal) return false;
    if (free) {
      places.set(words, at);
      return true;
    }
  }
}
