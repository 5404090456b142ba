/** Of a key, so many words of 32 bits tell it from all others, as they do the name of a part. */
const WORDS = 4;

const FIRST_CAPACITY = 1024;

/** Tells the first of equal point keys from the others. */
export interface SeenKeys {
  /** @returns false when it was there */
  add(key: string): boolean;
}

/**
 * A set of point keys in one flat array, 16 bytes a key and as much again free. A million texts in a `Set` take 150 MB,
 * which the garbage collector walks through again and again.
 */
export class KeySet implements SeenKeys {
  /** A power of two of places, each of `WORDS`; all zeros is a free one, which no SHA-256 is known to be. */
  #places = new Int32Array(FIRST_CAPACITY * WORDS);
  #size = 0;
  readonly #words = new Int32Array(WORDS);
  readonly #bytes = Buffer.from(this.#words.buffer);

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
    this.#bytes.write(key, 'hex');
    if (!insert(this.#places, this.#words)) return false;
    this.#size += 1;
    if (2 * this.#size * WORDS > this.#places.length) this.#grow();
    return true;
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Int32Array(2 * before.length);
    for (let at = 0; at < before.length; at += WORDS) {
      if (isFree(before, at)) continue;
      insert(this.#places, before.subarray(at, at + WORDS));
    }
  }
}

/** Linear probing: keys are hashes already. */
function insert(places: Int32Array, words: Int32Array): boolean {
  const mask = places.length - 1;
  const [a, b, c, d] = words;
  let at = (a! * WORDS) & mask;
  while (!isFree(places, at)) {
    if (places[at] === a && places[at + 1] === b && places[at + 2] === c && places[at + 3] === d)
      return false;
    at = (at + WORDS) & mask;
  }
  places.set(words, at);
  return true;
}

function isFree(places: Int32Array, at: number): boolean {
  return (places[at]! | places[at + 1]! | places[at + 2]! | places[at + 3]!) === 0;
}
