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

/** The known word that was probably meant: a symbol, `lambda_b` for `lambdaB`, or a slip of the keyboard. */
export function suggestion(word: string, known: readonly string[]): string | null {
  const symbol = Object.hasOwn(SYMBOLS, word) ? SYMBOLS[word] : undefined;
  if (symbol !== undefined && known.includes(symbol)) return symbol;
  const plain = plainWord(word);
  const ranked = known
    .map((candidate) => ({ candidate, slips: distance(plain, plainWord(candidate)) }))
    // Of two that are as near, the longer one: letters are left out more often than they are mixed up.
    .sort(
      (left, right) => left.slips - right.slips || right.candidate.length - left.candidate.length,
    );
  const best = ranked[0];
  return best !== undefined && best.slips <= Math.max(1, Math.floor(plain.length / 3))
    ? best.candidate
    : null;
}

/** Without case, `_` and `-`: camelCase, snake_case and kebab-case look alike. */
function plainWord(word: string): string {
  return word.replaceAll(/[_-]/g, '').toLowerCase();
}
