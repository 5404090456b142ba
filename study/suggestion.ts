import { distance } from 'fastest-levenshtein';

/** The symbols of the paper, for those who write them. */
const SYMBOLS: Readonly<Record<string, string>> = {
  K: 'classes',
  k_A: 'majorityClasses',
  n_A: 'majoritySamples',
  n_B: 'minoritySamples',
  r: 'imbalanceRatio',
  R: 'imbalanceRatio',
  d: 'featureDimension',
};

/** Longer than any known word with any slip. */
const LONGEST_WORD = 60;

/** The known word that was probably meant: a symbol, `lambda_b` for `lambdaB`, or a slip of the keyboard. */
export function suggestion(word: string, known: readonly string[]): string | null {
  const symbol = Object.hasOwn(SYMBOLS, word) ? SYMBOLS[word] : undefined;
  if (symbol !== undefined && known.includes(symbol)) return symbol;
  if (word.length > LONGEST_WORD) return null;
  const plain = plainWord(word);
  const most = Math.max(1, Math.floor(plain.length / 3));
  const [best] = known
    .map((candidate) => ({ candidate, other: plainName(candidate) }))
    // At least as many slips as one is longer than the other; most words are out of reach already.
    .filter(({ other }) => Math.abs(plain.length - other.length) <= most)
    .map(({ candidate, other }) => ({ candidate, slips: distance(plain, other) }))
    .filter(({ slips }) => slips <= most)
    // Of two that are as near, the longer one: letters are left out more often than they are mixed up.
    .sort(
      (left, right) => left.slips - right.slips || right.candidate.length - left.candidate.length,
    );
  return best?.candidate ?? null;
}

/** Of names that are known, and asked for again with every unknown one. */
const plainNames = new Map<string, string>();

function plainName(name: string): string {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const plain = plainWord(name);
  plainNames.set(name, plain);
  return plain;
}

/** Without case, `_` and `-`: camelCase, snake_case and kebab-case look alike. */
function plainWord(word: string): string {
  return word.replaceAll(/[_-]/g, '').toLowerCase();
}
