/** A member of the object that a JSON text is, and where it stands in the text. */
export interface Member {
  readonly key: string;
  /** Offset of the key's quote. */
  readonly keyAt: number;
  /** Offset of the value, and the end of it. */
  readonly valueAt: number;
  readonly valueEnd: number;
}

/**
 * The members of an object in the order in which they are written, the repeated ones too: `JSON.parse` keeps neither
 * them, nor where they stand, nor the digits of a large number.
 *
 * @param text an object, which `JSON.parse` has accepted
 */
export function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] !== '}') {
    const keyAt = at;
    const keyEnd = endOfText(text, keyAt);
    const valueAt = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const next = endOfValue(text, valueAt);
    const valueEnd = valueAt + text.slice(valueAt, next).trimEnd().length;
    const key = JSON.parse(text.slice(keyAt, keyEnd)) as string;
    members.push({ key, keyAt, valueAt, valueEnd });
    at = skipSpace(text, text[next] === ',' ? next + 1 : next);
  }
  return members;
}

/** Where the next comma or bracket stands that does not belong to the value. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; ; at++) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at) - 1;
    else if (character === '[' || character === '{') depth += 1;
    else if (depth === 0 && (character === ',' || character === '}')) return at;
    else if (character === ']' || character === '}') depth -= 1;
  }
}

/** After the closing quote of the text whose opening quote stands here. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; ; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r' || text[at] === '\n') at += 1;
  return at;
}
