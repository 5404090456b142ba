import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Node, Pair, YAMLMap } from 'yaml';

/** How many aliases a study file may have: each is looked up among all anchors. */
const MOST_ALIASES = 1000;
/** How many entries a document may have when its aliases are written out: stops what doubles with every line. */
const MOST_ENTRIES = 2_000_000;

/** Something that YAML allows, and a study file does not. */
export interface Oddity {
  readonly code: 'syntax' | 'duplicate-key';
  /** Where it stands in the text. */
  readonly offset: number;
  readonly message: string;
}

/** What is to be known of the nodes of a document before it is turned into a value. */
export interface SurveyedNodes {
  readonly oddities: readonly Oddity[];
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Whether the aliases can be written out. */
  readonly writable: boolean;
}

/** Walks once over the nodes of a document that nests no deeper than a stack does. */
export function surveyNodes(document: Document.Parsed): SurveyedNodes {
  const survey = new Survey();
  survey.entriesOf(document.contents);
  return survey;
}

class Survey implements SurveyedNodes {
  readonly oddities: Oddity[] = [];
  readonly targets = new Map<Alias, Node>();
  writable = true;
  readonly #anchors = new Map<string, Node>();
  /** Of anchored nodes that were walked over to their end; null of those around the node at hand. */
  readonly #entries = new Map<Node, number | null>();
  #aliases = 0;

  /** How many entries a node has, itself and what its aliases stand for included. */
  entriesOf(node: unknown): number {
    if (isAlias(node)) return this.#written(node);
    if (isPair(node)) return this.entriesOf(node.key) + this.entriesOf(node.value);
    const { anchor } = (node ?? {}) as { readonly anchor?: string };
    if (anchor !== undefined) {
      this.#anchors.set(anchor, node as Node);
      this.#entries.set(node as Node, null);
    }
    if (isMap(node)) this.#checkKeys(node);
    let entries = 1;
    if (isMap(node) || isSeq(node)) for (const item of node.items) entries += this.entriesOf(item);
    if (anchor !== undefined) this.#entries.set(node as Node, entries);
    if (entries > MOST_ENTRIES && this.writable) {
      this.#refuse(node as Node, 'has too many entries when its aliases are written out');
    }
    return entries;
  }

  #written(alias: Alias): number {
    this.#aliases += 1;
    const name = shortened(alias.source);
    const target = this.#anchors.get(alias.source);
    const entries = target === undefined ? 0 : (this.#entries.get(target) ?? null);
    if (this.#aliases > MOST_ALIASES) {
      if (this.writable)
        this.#refuse(alias, `is one alias more than the ${MOST_ALIASES} of a study file`);
    } else if (target === undefined)
      this.#refuse(alias, `\`*${name}\` has no \`&${name}\` before it`);
    else if (entries === null) this.#refuse(alias, `\`*${name}\` stands within what it stands for`);
    else this.targets.set(alias, target);
    return entries ?? 0;
  }

  #checkKeys({ items }: YAMLMap): void {
    const seen = new Set<string>();
    for (const { key } of items as readonly Pair<Node | null>[]) {
      if (key === null) continue;
      if (!isScalar(key)) {
        const kind = isAlias(key) ? 'an alias' : 'a list or a mapping';
        this.#tell('syntax', key, `a key of a study file is a word, not ${kind}`);
        continue;
      }
      const word = String(key.value);
      if (word === '<<') {
        const message =
          '`<<` merges mappings in YAML 1.1 only; put what grids share into `defaults`';
        this.#tell('syntax', key, message);
      } else if (seen.has(word)) {
        const message = `\`${shortened(word)}\` stands in this mapping already; keep one of the two`;
        this.#tell('duplicate-key', key, message);
      }
      seen.add(word);
    }
  }

  #refuse(node: Node, message: string): void {
    this.#tell('syntax', node, message);
    this.writable = false;
  }

  #tell(code: Oddity['code'], node: Node, message: string): void {
    this.oddities.push({ code, message, offset: node.range?.[0] ?? 0 });
  }
}

function shortened(word: string): string {
  return word.length <= 40 ? word : `${word.slice(0, 40)}...`;
}
