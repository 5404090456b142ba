import { FileCache } from '../../../results/s3/file-cache.js';

const LENGTH = 1 << 14;
const VERSIONS = 40;

/** The bytes of a version of a file that this program keeps. */
export function contentOf(version: number): Buffer {
  return Buffer.alloc(LENGTH, version);
}

// As a program: keeps files and looks for them, in the cache named on the command line, until somebody kills it.
if (import.meta.url.endsWith(process.argv[1] ?? '')) {
  // Room for half of them, none of which counts as open.
  const cache = new FileCache(process.argv[2]!, (VERSIONS / 2) * LENGTH, 0);
  for (let round = 0; ; round++) {
    const version = (round * 7) % VERSIONS;
    await cache.keep(`"${version}"`, `parts/${version}.parquet`, contentOf(version));
    const found = await cache.find(`"${version}"`, `parts/${version}.parquet`);
    if (found !== null && !contentOf(version).equals(found)) console.log('wrong bytes');
    console.log(`round ${round}`);
  }
}
