import { publishNamed } from '../results/content-named.js';
import { encodeManifest, encodePointer } from '../results/manifest.js';
import { manifestPath, pagePath, pointerPath } from '../results/paths.js';
import { CACHED, encodePlan, SHARDS_PER_PAGE } from '../results/plan-file.js';
import type { Store } from '../results/store.js';
import { Sharder, type ShardSize } from '../study/shard.js';
import type { StudyReference } from '../study/orchestration.js';
import type { PlannedPoint, Point } from '../study/study.js';
import { NUMERICAL_VERSION } from '../ufm/numerical-version.js';
import type { Surveyed } from './survey.js';

/** Points of a page without shards. */
export const SETTLED_PER_PAGE = 8192;

/** Pages that are published side by side: a file takes milliseconds of waiting for the disk, an object tens of them. */
const CONCURRENT_PAGES = 8;

/** The plan of a round as it grows: what is complete is encoded and published, so that it leaves the memory. */
export class PlanPages {
  readonly #store: Store;
  readonly #reference: StudyReference;
  readonly #round: number;
  readonly #sharder: Sharder<Point>;
  /** Names of those that are published. */
  readonly #shardPages: string[] = [];
  readonly #settledPages: string[] = [];
  #closed: { readonly bytes: Uint8Array; readonly into: string[] }[] = [];
  #page: PlannedPoint[] = [];
  #settled: PlannedPoint[] = [];
  #shards = 0;

  constructor(store: Store, reference: StudyReference, round: number, sizeOf: ShardSize) {
    this.#store = store;
    this.#reference = reference;
    this.#round = round;
    this.#sharder = new Sharder(sizeOf);
  }

  /**
   * Adds points and publishes the pages that they complete.
   *
   * @param open to be solved
   * @param settled points that nobody has to solve
   */
  async add({ open, settled }: Surveyed): Promise<void> {
    for (const point of open) {
      const shard = this.#sharder.add(point);
      if (shard !== null) this.#addShard(shard);
    }
    for (const point of settled) {
      this.#settled.push(this.#planned(point, CACHED));
      if (this.#settled.length === SETTLED_PER_PAGE) this.#closeSettledPage();
    }
    await this.#publishClosed();
  }

  /**
   * Publishes the manifest under its content, and has it count for the round in place of any other. A plan without points
   * is none, and has no path.
   *
   * @param points of the round; equal ones count once
   * @returns where the manifest is, and how many shards it has
   */
  async publish(points: number): Promise<{ plan: string; shards: number }> {
    for (const shard of this.#sharder.rest()) this.#addShard(shard);
    if (this.#page.length > 0) this.#closePage();
    if (this.#settled.length > 0) this.#closeSettledPage();
    await this.#publishClosed();
    const pages = [...this.#shardPages, ...this.#settledPages];
    if (pages.length === 0) return { plan: '', shards: 0 };
    const manifest = encodeManifest({
      round: this.#round,
      numericalVersion: NUMERICAL_VERSION,
      points,
      shards: this.#shards,
      shardsPerPage: SHARDS_PER_PAGE,
      pages,
    });
    const pathOf = (name: string): string => manifestPath(this.#reference, name);
    const name = await publishNamed(this.#store, pathOf, manifest);
    await this.#pointTo(name);
    return { plan: pathOf(name), shards: this.#shards };
  }

  /** Whoever watches the folder sees that nothing has changed where nothing has. */
  async #pointTo(manifest: string): Promise<void> {
    const path = pointerPath(this.#reference, NUMERICAL_VERSION, this.#round);
    const pointer = encodePointer(manifest);
    const before = await this.#store.read(path);
    if (before === null || Buffer.compare(before, pointer) !== 0) await this.#store.replace(path, pointer); // prettier-ignore
  }

  async #publishClosed(): Promise<void> {
    const pathOf = (name: string): string => pagePath(this.#reference, name);
    while (this.#closed.length > 0) {
      const some = this.#closed.splice(0, CONCURRENT_PAGES);
      const publishing = some.map(({ bytes }) => publishNamed(this.#store, pathOf, bytes));
      const names = await Promise.all(publishing);
      names.forEach((name, index) => some[index]!.into.push(name));
    }
  }

  #addShard(points: readonly Point[]): void {
    for (const point of points) this.#page.push(this.#planned(point, this.#shards));
    this.#shards += 1;
    if (this.#shards % SHARDS_PER_PAGE === 0) this.#closePage();
  }

  #planned(point: Point, shard: number): PlannedPoint {
    const { key, grid, coordinates, instance, instanceJson } = point;
    return { key, grid, coordinates, instance, instanceJson, round: this.#round, shard };
  }

  #closePage(): void {
    this.#closed.push({ bytes: encodePlan(this.#page), into: this.#shardPages });
    this.#page = [];
  }

  #closeSettledPage(): void {
    this.#closed.push({ bytes: encodePlan(this.#settled), into: this.#settledPages });
    this.#settled = [];
  }
}
