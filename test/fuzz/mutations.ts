import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers within bounds, both included, from a seed. */
export type Draw = (least: number, most: number) => number;

export function drawsOf(seed: number): Draw {
  const random = xoroshiro128plus(seed);
  return (least, most) => uniformInt(random, least, most);
}

/** What hurts parsers: ends of number ranges, openings without an end, words with a meaning, names of JavaScript. */
const WORDS = [
  '-1', '0', '1e999', '-0', '9007199254740993', '50000000', '1.0e-400', 'null', '~', '.inf', '.nan', 'NaN', 'true',
  '[]', '{}', '[', '{', ']', '}', '"', "'", ': ', ', ', '\n', '\r\n', '\t', '- ', '? ', '|', '>', '#', '---\n', '...\n',
  '*x', '&x ', '<<', '!!float ', '!one ', '%YAML 1.1\n', '__proto__', 'constructor', '{toString: 1}', '"\\ud800"',
  '\\', '\u0000', '\uFEFF', '\u2028', '\u001b[2J', 'points', 'from', 'zip', 'exclude', 'lambda', 'x'.repeat(2000),
]; // prettier-ignore

/** How often a piece is repeated. */
const REPETITIONS = [2, 2, 3, 20, 1000];

/** A text with one to four pieces changed, removed, repeated, or exchanged for words that hurt. */
export function mutatedText(text: string, draw: Draw): string {
  const pieces = text.match(/[\w.]+|\s+|./gu) ?? [];
  for (let changes = draw(1, 4); changes > 0; changes--) {
    const at = draw(0, Math.max(0, pieces.length - 1));
    const word = WORDS[draw(0, WORDS.length - 1)]!;
    const other = pieces[draw(0, Math.max(0, pieces.length - 1))] ?? '';
    switch (draw(0, 5)) {
      case 0:
        pieces.splice(at, draw(0, 2), word);
        break;
      case 1:
        pieces.splice(at, 1, other);
        break;
      case 2:
        pieces.splice(at, draw(1, 8));
        break;
      case 3:
        pieces.splice(
          at,
          0,
          word.slice(0, 20).repeat(REPETITIONS[draw(0, REPETITIONS.length - 1)]!),
        );
        break;
      case 4:
        pieces.splice(
          at,
          0,
          pieces
            .slice(at, at + draw(1, 30))
            .join('')
            .repeat(draw(1, 20)),
        );
        break;
      default:
        pieces.length = at;
    }
  }
  return pieces.join('');
}

/** Bytes with bits flipped, pieces cut out or doubled, or the end cut off. */
export function mutatedBytes(bytes: Uint8Array, draw: Draw): Buffer {
  let changed = Buffer.from(bytes);
  for (let changes = draw(1, 3); changes > 0; changes--) {
    const at = draw(0, Math.max(0, changed.length - 1));
    const piece = changed.subarray(at, at + draw(1, 64));
    const kind = draw(0, 9);
    if (kind < 7) changed[at]! ^= 1 << draw(0, 7);
    else if (kind === 7)
      changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + piece.length)]);
    else if (kind === 8)
      changed = Buffer.concat([changed.subarray(0, at), piece, changed.subarray(at)]);
    else changed = Buffer.from(changed.subarray(0, at));
  }
  return changed;
}
