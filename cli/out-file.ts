import { lstat, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseObjectUrl, isS3Url } from '../results/s3/address.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';

/**
 * Makes sure that a file which a person named with `--out` can be written without harm: it is no folder, and neither
 * lies in the store nor leads into it, by whatever links. What was written there before is replaced.
 *
 * @param store where the results are, as `storeAddress` gives it
 * @throws Failure (bad usage)
 */
export async function requireOutside(out: string, store: string): Promise<void> {
  const refuse = (reason: string): never => {
    throw new Failure(`--out ${out}: ${reason}; nothing was written`, EXIT.badUsage);
  };
  if (isS3Url(out)) {
    parseObjectUrl(out);
    if (`${out}/`.startsWith(`${store.replace(/\/+$/, '')}/`)) refuse('it lies in the store');
    return;
  }
  const folder = path.dirname(path.resolve(out));
  const isFolder = await stat(folder).then((found) => found.isDirectory(), () => false); // prettier-ignore
  if (!isFolder) refuse(`there is no folder ${folder}`);
  const target = await lstat(out).catch(() => null);
  const real =
    target === null ? path.join(await realpath(folder), path.basename(out)) : await realpath(out).catch(() => refuse('it is a link to nothing')); // prettier-ignore
  if (target !== null && !(await stat(real)).isFile()) refuse('there is something that is no file');
  const root = isS3Url(store) ? null : await realpath(store).catch(() => null);
  if (root !== null && (real === root || real.startsWith(root + path.sep))) {
    refuse('it lies in the store, of which nothing is ever overwritten');
  }
}
