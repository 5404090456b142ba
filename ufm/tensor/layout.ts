import type { BalancedProblem } from './balance.js';

/**
 * Where things lie in the vector of one instance's variables, [W^T (d x K) | G (rows x d) | beta (K) | zeros].
 * Rows and vector are padded to whole chunks: float32 sums over a million terms lose a hundredth on backends that
 * add naively, so sums run over one chunk on the device and over the chunks in float64 or pairwise.
 */
export interface Layout {
  readonly classes: number;
  readonly features: number;
  /** Rows with a sample or class in them; the rows after them have no weight and stay zero. */
  readonly rows: number;
  readonly rowChunks: number;
  readonly rowsPerChunk: number;
  readonly vectorChunks: number;
  readonly entriesPerChunk: number;
  /** Where the features and the bias begin, and where the padding does. */
  readonly featureOffset: number;
  readonly biasOffset: number;
  readonly end: number;
}

const MOST_ROWS_OF_A_CHUNK = 256;
const MOST_ENTRIES_OF_A_CHUNK = 1024;

export function layOut(shape: Pick<BalancedProblem, 'classes' | 'features' | 'rows'>): Layout {
  const { classes, features, rows } = shape;
  const rowChunks = Math.ceil(rows / MOST_ROWS_OF_A_CHUNK);
  const rowsPerChunk = Math.ceil(rows / rowChunks);
  const featureOffset = features * classes;
  const biasOffset = featureOffset + rowChunks * rowsPerChunk * features;
  const end = biasOffset + classes;
  const vectorChunks = Math.ceil(end / MOST_ENTRIES_OF_A_CHUNK);
  return {
    classes,
    features,
    rows,
    rowChunks,
    rowsPerChunk,
    vectorChunks,
    entriesPerChunk: Math.ceil(end / vectorChunks),
    featureOffset,
    biasOffset,
    end,
  };
}

/** Rows with their padding. */
export function paddedRows(layout: Layout): number {
  return layout.rowChunks * layout.rowsPerChunk;
}

/** Length of an instance's vector with its padding. */
export function vectorLength(layout: Layout): number {
  return layout.vectorChunks * layout.entriesPerChunk;
}
