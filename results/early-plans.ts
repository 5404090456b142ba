import { keyOfJson } from '../study/key.js';
import { DamagedFileError } from './checksum.js';
import { isEarlyPagePath, plansFolder, type StudyVersion } from './paths.js';
import { readFirstPoint } from './plan-file.js';
import type { Store } from './store.js';
import { UnusableFile } from './unusable-file.js';

/** The pages of a study that early versions of this program have planned, of which nothing says which count. */
export interface EarlyPlans {
  readonly numericalVersion: number | null;
  readonly pages: readonly string[];
}

/**
 * Finds the early pages of one numerical version: this program's if there are any, else the latest. It is told by the
 * first key of a plan, of which it is a part. What cannot be told counts: it may be damaged, which has to be heard of.
 *
 * @param own numerical version of this program
 */
export async function earlyPlans(
  store: Store,
  version: StudyVersion,
  own: number,
): Promise<EarlyPlans> {
  const pages = (await store.list(plansFolder(version))).filter(isEarlyPagePath);
  const plans = new Map<string, string[]>();
  for (const path of pages) {
    const plan = path.slice(0, path.lastIndexOf('-'));
    plans.set(plan, [...(plans.get(plan) ?? []), path]);
  }
  const versions = new Map<string, number | null>();
  for (const [plan, pagesOfPlan] of plans) {
    versions.set(plan, await versionOf(store, pagesOfPlan, own));
  }
  const known = [...versions.values()].filter((found) => found !== null);
  const shown = known.includes(own) ? own : Math.max(...known);
  const counts = ([plan]: [string, readonly string[]]): boolean =>
    [shown, null].includes(versions.get(plan)!);
  return {
    numericalVersion: known.length === 0 ? null : shown,
    pages: [...plans].filter(counts).flatMap(([, pagesOfPlan]) => pagesOfPlan),
  };
}

/** By the first of its pages that can be read; null when none can. Later versions than this program's have pointers. */
async function versionOf(
  store: Store,
  pages: readonly string[],
  own: number,
): Promise<number | null> {
  for (const path of pages) {
    const point = await firstPointOf(store, path);
    for (let version = own; point !== null && version > 0; version -= 1) {
      if (keyOfJson(point.instance, version) === point.key) return version;
    }
  }
  return null;
}

async function firstPointOf(store: Store, path: string) {
  try {
    const bytes = await store.read(path);
    return bytes === null ? null : readFirstPoint(bytes);
  } catch (error) {
    if (error instanceof DamagedFileError || error instanceof UnusableFile) return null;
    throw error;
  }
}
