import { isAlias, isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { Path, StudyProblem } from './problems.js';

/** The most characters of a study file. */
const LARGEST_TEXT = 1_000_000;
/** The most times that aliases may be written out: stops documents that double with every line. */
const LARGEST_ALIAS_COUNT = 100;

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A YAML text, read: the value that it says, what is wrong with it as YAML, and where everything stands. */
export interface StudyDocument {
  /** Undefined when nothing could be read at all. */
  readonly value: unknown;
  readonly problems: readonly StudyProblem[];
  /** Where the key or the value at a path stands; of a missing entry, its nearest parent. */
  positionOf(path: Path, at: 'key' | 'value'): Position;
}

/** Reads a YAML 1.2 text. Never throws: what cannot be read is a problem. */
export function readDocument(text: string): StudyDocument {
  if (text.length > LARGEST_TEXT) {
    return unreadable(`has ${text.length} characters; a study file has at most ${LARGEST_TEXT}`);
  }
  try {
    return composedDocument(text);
  } catch (error) {
    // Too many aliases, an alias without its anchor, or nesting deeper than the stack.
    const reason = error instanceof Error ? error.message : String(error);
    return unreadable(`cannot be read as YAML: ${reason}`);
  }
}

function composedDocument(text: string): StudyDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Warnings become problems, and not lines on stderr.
    logLevel: 'error',
  });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // Warnings are tags that YAML does not know; a study has no use for one.
  const problems = [...document.errors, ...document.warnings].map((error): StudyProblem => {
    const [offset] = error.pos;
    const place = { path: [], ...positionAt(offset) };
    if (error.code !== 'DUPLICATE_KEY') return { code: 'syntax', message: error.message, ...place };
    const [key] = /^[^\s:]*/.exec(text.slice(offset))!;
    const message = `\`${key}\` stands in this mapping already; keep one of the two`;
    return { code: 'duplicate-key', message, ...place };
  });
  return {
    value: document.toJS({ maxAliasCount: LARGEST_ALIAS_COUNT }) as unknown,
    problems,
    positionOf: (path, at) => positionAt(offsetOf(document, path, at)),
  };
}

function unreadable(message: string): StudyDocument {
  const start = { line: 1, column: 1 };
  return {
    value: undefined,
    problems: [{ code: 'syntax', message, path: [], ...start }],
    positionOf: () => start,
  };
}

function offsetOf(document: Document.Parsed, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, part] of path.entries()) {
    const container = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(container) ? findPair(container.items, part) : undefined;
    const next = isSeq(container) && typeof part === 'number' ? container.items[part] : pair?.value;
    if (pair === undefined && next === undefined) return offset;
    const atKey = (at === 'key' && depth === path.length - 1) || startOf(next) === undefined;
    offset = (atKey ? startOf(pair?.key) : startOf(next)) ?? startOf(next) ?? offset;
    node = next;
  }
  return offset;
}

/** Of two pairs with one key, the last counts. */
function findPair(pairs: readonly Pair[], key: string | number): Pair | undefined {
  return pairs.findLast(
    (pair) => String(isNode(pair.key) ? pair.key.toJSON() : pair.key) === String(key),
  );
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
