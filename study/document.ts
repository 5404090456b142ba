import { LineCounter, type YAMLError } from 'yaml';
import { composeDocuments, NotWorthReading } from './bounded-yaml.js';
import { surveyNodes } from './document-nodes.js';
import { Positions } from './positions.js';
import type { Path, ProblemCode, StudyProblem } from './problems.js';

/** The most characters of a study file. */
export const LARGEST_TEXT = 1_000_000;
/** How much of what the YAML library says is shown: it repeats the text. */
const SHOWN_CHARACTERS = 200;

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

/** Reads a YAML 1.2 text, in time and memory linear in its length. Never throws: what cannot be read is a problem. */
export function readDocument(text: string): StudyDocument {
  if (text.length > LARGEST_TEXT) {
    return unreadable(`has ${text.length} characters; a study file has at most ${LARGEST_TEXT}`);
  }
  if (text.includes('\0')) {
    return unreadable('holds null characters, as UTF-16 does when it is read as UTF-8; save the file as UTF-8'); // prettier-ignore
  }
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    return readLines(text, lines, positionAt);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return error instanceof NotWorthReading
      ? unreadable(reason, positionAt(error.offset))
      : unreadable(`cannot be read as YAML: ${reason}`);
  }
}

function readLines(
  text: string,
  lines: LineCounter,
  positionAt: (offset: number) => Position,
): StudyDocument {
  const [document, second] = composeDocuments(text, lines);
  const problem = (code: ProblemCode, message: string, offset: number): StudyProblem => {
    return { code, message, path: [], ...positionAt(offset) };
  };
  const { oddities, targets, writable } = surveyNodes(document!);
  const problems = [
    // Warnings are tags that YAML does not know; a study has no use for one.
    ...[...document!.errors, ...document!.warnings].map((error) =>
      problem('syntax', plainMessage(error), error.pos[0]),
    ),
    ...oddities.map(({ code, message, offset }) => problem(code, message, offset)),
  ];
  if (second !== undefined) {
    const message = 'a second document starts here; a study file is one: put each into a file of its own'; // prettier-ignore
    problems.push(problem('syntax', message, second.range[0]));
  }
  const positions = new Positions(document!, targets);
  return {
    // The survey has counted what the aliases come to; the library's own count takes a walk for each of them.
    value: writable ? (document!.toJS({ maxAliasCount: -1 }) as unknown) : undefined,
    problems,
    positionOf: (path, at) => positionAt(positions.offsetOf(path, at)),
  };
}

/** What the library says, for people who write study files. */
function plainMessage({ code, message }: YAMLError): string {
  if (code === 'TAG_RESOLVE_FAILED') {
    const tag = /(?:2002:|: *)([^\s:]{1,40})$/.exec(message)?.[1] ?? '';
    const name = message.includes('2002:') ? `!!${tag}` : tag;
    return `the tag \`${name}\` does not fit its value, or is none of YAML; write the value alone`;
  }
  return message.length <= SHOWN_CHARACTERS ? message : `${message.slice(0, SHOWN_CHARACTERS)}...`;
}

function unreadable(message: string, at: Position = { line: 1, column: 1 }): StudyDocument {
  return {
    value: undefined,
    problems: [{ code: 'syntax', message, path: [], ...at }],
    positionOf: () => at,
  };
}
