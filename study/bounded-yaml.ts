import { Composer, Lexer, Parser, type CST, type Document, type LineCounter } from 'yaml';

/** How deep lists and mappings of a study file may nest, in entries of the parser's stack: a study needs a dozen. */
const DEEPEST = 100;
/** So many broken pieces at the top of a text, and it is no YAML at all. */
const MOST_BROKEN = 100;

/** A text that is not worth reading on: it says where, and why. */
export class NotWorthReading extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
    this.name = 'NotWorthReading';
  }
}

/**
 * The documents of a YAML text with their errors, of which nothing has been resolved. Time and memory are linear in its
 * length: it stops at nesting that no study has, and at texts that are none.
 *
 * @throws NotWorthReading
 */
export function composeDocuments(text: string, lines: LineCounter): Document.Parsed[] {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let broken = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') broken += 1;
    }
    if (parser.stack.length > DEEPEST) {
      throw new NotWorthReading(parser.offset, 'nests deeper than any study; close what is open');
    }
    if (broken > MOST_BROKEN) {
      const message = `is no YAML: more than ${MOST_BROKEN} pieces of it stand where none can`;
      throw new NotWorthReading(0, `${message}; \`ufm-sweep init\` writes a study to start from`);
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return withoutTraces(() => {
    // What is said twice in a mapping is found by a walk over the nodes: the composer holds each key against each.
    const composer = new Composer({ prettyErrors: false, logLevel: 'error', uniqueKeys: false });
    return [...composer.compose(tokens, true, text.length)] as Document.Parsed[];
  });
}

/** A text may have hundreds of thousands of errors, and the trace of each takes ten times as long as the error. */
function withoutTraces<T>(act: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return act();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
