import { LARGEST_TEXT } from '../study/document.js';

/** The most characters of a line: those of a study file. A profile of a thousand clusters has 20,000. */
export const LONGEST_LINE = LARGEST_TEXT;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Null when it has more than `LONGEST_LINE` characters. */
  readonly text: string | null;
}

/**
 * What came in one read of a stream, as whole lines: a stream is answered in batches, a conversation line by line. Takes
 * time linear in the length of the stream, and no more memory than a read and a line.
 */
export async function* linesAsTheyCome(stream: AsyncIterable<string>): AsyncGenerator<Line[]> {
  let number = 1;
  let rest: string | null = '';
  for await (const read of stream) {
    // The mark of the order of bytes, with which some editors start a file.
    const text: string = number === 1 && rest === '' ? read.replace(/^\uFEFF/, '') : read;
    const lines: Line[] = [];
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) {
        lines.push({ number, text: rest });
        number += 1;
        rest = '';
      }
      rest = rest === null || rest.length + piece.length > LONGEST_LINE ? null : rest + piece;
    }
    yield lines;
  }
  yield [{ number, text: rest }];
}
