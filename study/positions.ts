import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Node, Pair, YAMLMap } from 'yaml';
import type { Path } from './problems.js';

/** Finds where keys and values stand in the text of a document. */
export class Positions {
  readonly #document: Document.Parsed;
  readonly #targets: ReadonlyMap<Alias, Node>;
  /** Of mappings that were asked for: a broken one may be asked for each of its keys. */
  readonly #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  /** @param targets what each alias stands for */
  constructor(document: Document.Parsed, targets: ReadonlyMap<Alias, Node>) {
    this.#document = document;
    this.#targets = targets;
  }

  /** The offset in the text of the key or the value at a path; of a missing entry, that of its nearest parent. */
  offsetOf(path: Path, at: 'key' | 'value'): number {
    let node: unknown = this.#document.contents;
    let offset = startOf(node) ?? 0;
    for (const [depth, part] of path.entries()) {
      const container = isAlias(node) ? this.#targets.get(node) : node;
      const pair = isMap(container) ? this.#pairsOf(container).get(String(part)) : undefined;
      const next =
        isSeq(container) && typeof part === 'number' ? container.items[part] : pair?.value;
      if (pair === undefined && next === undefined) return offset;
      const atKey = (at === 'key' && depth === path.length - 1) || startOf(next) === undefined;
      offset = (atKey ? startOf(pair?.key) : startOf(next)) ?? startOf(next) ?? offset;
      node = next;
    }
    return offset;
  }

  /** Of two pairs with one key, the last counts. */
  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    const words = map.items.filter(({ key }) => isScalar(key));
    const pairs = new Map(
      words.map((pair) => [String((pair.key as { value: unknown }).value), pair]),
    );
    this.#pairs.set(map, pairs);
    return pairs;
  }
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
