import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Progress } from '../study/orchestration.js';

/** Shards between two updates: each is an event of the history, so not one a shard. */
const SHARDS_PER_PAGE = 50;

const STAGE = defineSearchAttributeKey('UfmStage', SearchAttributeType.KEYWORD);
const POINTS_TOTAL = defineSearchAttributeKey('UfmPointsTotal', SearchAttributeType.INT);
const POINTS_DONE = defineSearchAttributeKey('UfmPointsDone', SearchAttributeType.INT);
const POINTS_FAILED = defineSearchAttributeKey('UfmPointsFailed', SearchAttributeType.INT);

/** Keeps the search attributes of this workflow up to date, a page of shards at a time. */
export class Visibility {
  readonly #searchable: boolean;
  #page = '';

  /** @param searchable whether the namespace knows the attributes; otherwise nothing is shown */
  constructor(searchable: boolean) {
    this.#searchable = searchable;
  }

  show({ stage, round, points, shards }: Progress): void {
    const settled = shards.done + shards.failed;
    const page = `${stage} ${round} ${Math.floor(settled / SHARDS_PER_PAGE)}`;
    if (!this.#searchable || page === this.#page) return;
    this.#page = page;
    upsertSearchAttributes([
      { key: STAGE, value: stage },
      { key: POINTS_TOTAL, value: points.total },
      { key: POINTS_DONE, value: points.done },
      { key: POINTS_FAILED, value: points.failed },
    ]);
  }
}
