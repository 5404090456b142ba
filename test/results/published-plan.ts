import { contentName, publishNamed } from '../../results/content-named.js';
import { encodeManifest, encodePointer, readManifest } from '../../results/manifest.js';
import { manifestPath, pagePath, pointerPath, type StudyVersion } from '../../results/paths.js';
import { encodePlan, readPlan, SHARDS_PER_PAGE } from '../../results/plan-file.js';
import type { Store } from '../../results/store.js';
import type { PlannedPoint } from '../../study/study.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';

interface Plan {
  readonly round?: number;
  readonly numericalVersion?: number;
  readonly shards?: number;
}

/** Publishes pages, whatever is in them, as a plan that counts; returns their paths, and that of the manifest. */
export async function publishPages(
  store: Store,
  version: StudyVersion,
  pages: readonly Uint8Array[],
  { round = 0, numericalVersion = NUMERICAL_VERSION, shards = 0 }: Plan = {},
): Promise<{ readonly pages: readonly string[]; readonly manifest: string }> {
  for (const page of pages) await publishNamed(store, (name) => pagePath(version, name), page);
  const names = pages.map(contentName);
  const bytes = encodeManifest({
    round,
    numericalVersion,
    points: 0,
    shards,
    shardsPerPage: SHARDS_PER_PAGE,
    pages: names,
  });
  const name = await publishNamed(store, (name) => manifestPath(version, name), bytes);
  await store.replace(pointerPath(version, numericalVersion, round), encodePointer(name));
  return { pages: names.map((page) => pagePath(version, page)), manifest: manifestPath(version, name) }; // prettier-ignore
}

/** Publishes a plan of one page that counts; returns its path. */
export async function publishPlan(
  store: Store,
  version: StudyVersion,
  points: readonly PlannedPoint[],
  plan: Plan = {},
): Promise<string> {
  const shards = new Set(points.map(({ shard }) => shard).filter((shard) => shard >= 0)).size;
  const { pages } = await publishPages(store, version, [encodePlan(points)], { shards, ...plan });
  return pages[0]!;
}

/** Paths of the pages of a plan, in order. */
export async function pagesOf(
  store: Store,
  version: StudyVersion,
  manifest: string,
): Promise<string[]> {
  const { pages } = readManifest(manifest, (await store.read(manifest))!);
  return pages.map((name) => pagePath(version, name));
}

/** All points of a plan, in order. */
export async function plannedPoints(
  store: Store,
  version: StudyVersion,
  manifest: string,
): Promise<PlannedPoint[]> {
  const points: PlannedPoint[] = [];
  for (const path of await pagesOf(store, version, manifest)) {
    points.push(...readPlan((await store.read(path))!));
  }
  return points;
}
