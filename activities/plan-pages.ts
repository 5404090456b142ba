import { createHash } from 'node:crypto';
import { pagePath, planPath } from '../results/paths.js';
import { CACHED, encodePlan, SHARDS_PER_PAGE } from '../results/plan-file.js';
import type { Store } from '../results/store.js';
import { Sharder, type ShardSize } from '../study/shard.js';
import type { StudyReference } from '../study/orchestration.js';
import type { PlannedPoint, Point } from '../study/study.js';

/** Points of a page without shards. */
export const SETTLED_PER_PAGE = 8192;

/** The plan of a round as it grows: what is complete is encoded at once, so that a million points fit into memory. */
export class PlanPages {
  readonly #round: number;
  readonly #sharder: Sharder<Point>;
  readonly #shardPages: Uint8Array[] = [];
  readonly #settledPages: Uint8Array[] = [];
  #page: PlannedPoint[] = [];
  #settled: PlannedPoint[] = [];
  #shards = 0;

  constructor(round: number, sizeOf: ShardSize) {
    this.#round = round;
    this.#sharder = new Sharder(sizeOf);
  }

  /** Adds a point that has to be solved. */
  open(point: Point): void {
    const shard = this.#sharder.add(point);
    if (shard !== null) this.#addShard(shard);
  }

  /** Adds a point that nobody has to solve. */
  settled(point: Point): void {
    this.#settled.push(this.#planned(point, CACHED));
    if (this.#settled.length === SETTLED_PER_PAGE) this.#closeSettledPage();
  }

  /**
   * Publishes the plan under the hash of its content. A plan without points is none, and has no path.
   *
   * @returns where its pages are, and how many shards it has
   */
  async publish(
    store: Store,
    reference: StudyReference,
  ): Promise<{ plan: string; shards: number }> {
    for (const shard of this.#sharder.rest()) this.#addShard(shard);
    if (this.#page.length > 0) this.#closePage();
    if (this.#settled.length > 0) this.#closeSettledPage();
    const pages = [...this.#shardPages, ...this.#settledPages];
    if (pages.length === 0) return { plan: '', shards: 0 };
    const hash = createHash('sha256');
    for (const bytes of pages) hash.update(bytes);
    const plan = planPath(reference, hash.digest('hex').slice(0, 16));
    for (const [page, bytes] of pages.entries()) await store.publish(pagePath(plan, page), bytes);
    return { plan, shards: this.#shards };
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
    this.#shardPages.push(encodePlan(this.#page));
    this.#page = [];
  }

  #closeSettledPage(): void {
    this.#settledPages.push(encodePlan(this.#settled));
    this.#settled = [];
  }
}
