import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import { DamagedFileError } from './checksum.js';
import { listPointers, readPlan, type Pointer } from './current-plans.js';
import { LARGEST_MANIFEST, readManifest, type Manifest } from './manifest.js';
import {
  isEarlyPagePath,
  isManifestPath,
  isPagePath,
  manifestPath,
  pagePath,
  plansFolder,
  type StudyVersion,
} from './paths.js';
import type { Store } from './store.js';
import { UnusableFile } from './unusable-file.js';

/**
 * Removes what no plan of a study needs any more: pointers of numerical versions before this program's, manifests that no
 * pointer names, pages that no manifest names, and pages of early versions of this program. Whoever solves by such a
 * plan after all finds it gone, and the round is planned again. Nothing goes before this program has planned the
 * study, nor where a plan cannot be read.
 *
 * @param isLeft whether a file of this age was left behind, milliseconds since 1970
 * @param own numerical version of this program
 */
export async function sweepPlans(
  store: Store,
  version: StudyVersion,
  isLeft: (writtenAt: number) => boolean,
  own = NUMERICAL_VERSION,
): Promise<void> {
  const files = [...(await store.details(plansFolder(version)))];
  const left = new Set(files.flatMap(([path, { writtenAt }]) => (isLeft(writtenAt) ? [path] : [])));
  const pointers = await listPointers(store, version);
  if (left.size === 0 || !pointers.some(({ numericalVersion }) => numericalVersion === own)) return;
  const isSuperseded = ({ path, numericalVersion }: Pointer): boolean =>
    numericalVersion < own && left.has(path);
  const needed = new Set<string>();
  const need = (manifest: Manifest): void => {
    for (const name of manifest.pages) needed.add(pagePath(version, name));
  };
  for (const pointer of pointers) {
    if (isSuperseded(pointer)) continue;
    const plan = await readPlan(store, version, pointer.path);
    if ('reason' in plan) return;
    needed.add(manifestPath(version, plan.name));
    need(plan.manifest);
  }
  // Of those that were published just now somebody may be about to say that they count.
  for (const [path] of files) {
    if (!isManifestPath(path) || left.has(path)) continue;
    const manifest = await readManifestAt(store, path);
    if (manifest === null) return;
    need(manifest);
  }
  const isPlan = (path: string): boolean =>
    isPagePath(path) || isManifestPath(path) || isEarlyPagePath(path);
  for (const { path } of pointers.filter(isSuperseded)) await store.remove(path);
  for (const path of left) if (isPlan(path) && !needed.has(path)) await store.remove(path);
}

async function readManifestAt(store: Store, path: string): Promise<Manifest | null> {
  try {
    const bytes = await store.read(path, LARGEST_MANIFEST);
    return bytes === null ? null : readManifest(path, bytes);
  } catch (error) {
    if (error instanceof DamagedFileError || error instanceof UnusableFile) return null;
    throw error;
  }
}
