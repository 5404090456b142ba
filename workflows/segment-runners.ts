import {
  CancellationScope,
  getExternalWorkflowHandle,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Runners } from '../study/relay.js';
import { ordersSignal, type SegmentInput } from './messages.js';
import { segmentId } from './names.js';
import type { segment } from './segment.js';
import { hasNewVersion, type ShardPlace } from './shard-steps.js';

/**
 * Events of a history beyond which no segment is started: each adds hundreds, and a server ends a workflow at 51,200. A
 * study gets there only when one of its shards keeps it from continuing as new for very long.
 */
const LONGEST_HISTORY = 25_000;

/** Segments as child workflows that outlive the run which starts them. */
export class ChildSegments implements Runners {
  readonly #place: ShardPlace;
  readonly #lost: (id: string) => void;
  /** Resolves once what was sent to a segment last is on its way. */
  readonly #sent = new Map<string, Promise<void>>();

  /** @param lost is told of a segment that is not there, or ends */
  constructor(place: ShardPlace, lost: (id: string) => void) {
    this.#place = place;
    this.#lost = lost;
  }

  /** A version of the workers that is new gets the rest of the round by the study, which continues as new on it. */
  mayStart(): boolean {
    return !hasNewVersion() && workflowInfo().historyLength < LONGEST_HISTORY;
  }

  start: Runners['start'] = (start, slots, breaker) => {
    const { workflowId, firstExecutionRunId } = workflowInfo();
    const id = segmentId(workflowId, firstExecutionRunId, start);
    const input: SegmentInput = { ...this.#place, ...start, study: workflowId, slots, breaker };
    this.#send(id, async () => {
      const child = await startChild<typeof segment>('segment', {
        workflowId: id,
        args: [input],
        parentClosePolicy: 'ABANDON',
        cancellationType: 'ABANDON',
      });
      const gone = (): void => {
        this.#lost(id);
      };
      // What it reports comes before its end.
      child.result().then(gone, gone);
    });
    return id;
  };

  order: Runners['order'] = (id, orders) => {
    this.#send(id, () => getExternalWorkflowHandle(id).signal(ordersSignal, orders));
  };

  cancel: Runners['cancel'] = (id) => {
    this.#send(id, () => getExternalWorkflowHandle(id).cancel());
  };

  /** Resolves once everything is on its way. */
  async settled(): Promise<void> {
    while (this.#sent.size > 0) await Promise.all(this.#sent.values());
  }

  /** One after the other, since a segment has to be there before it gets orders. */
  #send(id: string, send: () => Promise<void>): void {
    const before = this.#sent.get(id) ?? Promise.resolve();
    // A study that is cancelled still speaks with its segments.
    const sending = before
      .then(() => CancellationScope.nonCancellable(send))
      .catch(() => {
        this.#lost(id);
      })
      .then(() => {
        if (this.#sent.get(id) === sending) this.#sent.delete(id);
      });
    this.#sent.set(id, sending);
  }
}
