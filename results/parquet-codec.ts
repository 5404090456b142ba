import { createRequire } from 'node:module';

type Codec = typeof import('parquet-wasm/node');

const require = createRequire(import.meta.url);
let codec: Codec | null = null;

/**
 * The Parquet reader and writer, loaded when one is wanted: WebAssembly reserves 10 GB of address space, which a machine may not
 * give to commands that read and write no file.
 */
export function parquetCodec(): Codec {
  codec ??= require('parquet-wasm/node') as Codec;
  return codec;
}
