import { layOut, type Layout } from '../first-order/layout.js';

/**
 * The vectors of a tensor batch: rows and vector are padded to whole chunks with zeros after the last row. Float32 sums
 * over a million terms lose a hundredth on backends that add naively, so sums run over one chunk on the device and over
 * the chunks in float64 or pairwise.
 */
export interface Chunks extends Layout {
  readonly rowChunks: number;
  readonly rowsPerChunk: number;
  readonly vectorChunks: number;
  readonly entriesPerChunk: number;
  /** Rows with their padding, which has no weight. */
  readonly paddedRows: number;
  /** Length of an instance's vector with its padding. */
  readonly length: number;
}

const MOST_ROWS_OF_A_CHUNK = 256;
const MOST_ENTRIES_OF_A_CHUNK = 128;

export function cutInChunks(shape: Pick<Layout, 'classes' | 'features' | 'rows'>): Chunks {
  const layout = layOut(shape);
  const rowChunks = Math.ceil(layout.rows / MOST_ROWS_OF_A_CHUNK);
  const rowsPerChunk = Math.ceil(layout.rows / rowChunks);
  const paddedRows = rowChunks * rowsPerChunk;
  const needed = layout.featureOffset + paddedRows * layout.features;
  const vectorChunks = Math.ceil(needed / MOST_ENTRIES_OF_A_CHUNK);
  const entriesPerChunk = Math.ceil(needed / vectorChunks);
  return {
    ...layout,
    rowChunks,
    rowsPerChunk,
    vectorChunks,
    entriesPerChunk,
    paddedRows,
    length: vectorChunks * entriesPerChunk,
  };
}
