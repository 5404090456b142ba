import {
  CancellationScope,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { Breaker } from '../study/breaker.js';
import { Changes } from '../study/changes.js';
import { conductSegment } from '../study/conduct-segment.js';
import type { Orders } from '../study/relay.js';
import { Segment } from '../study/segment.js';
import type { SegmentReport } from '../study/segment-report.js';
import { ORDERS } from '../study/segment-shape.js';
import { ordersSignal, reportQuery, reportSignal, type SegmentInput } from './messages.js';
import { isCheckpointDue, shardSteps } from './shard-steps.js';
import { requireSegmentInput } from './study-input.js';

/**
 * Hands out shards of a round for a study, until its own history is long enough or none is left, and waits for those in
 * flight. Tells the study how far it is, and so it can tell when a slot gets free; a segment whose study is gone stops.
 *
 * @throws ApplicationFailure when the input is none
 */
export async function segment(given: SegmentInput): Promise<SegmentReport> {
  const input = requireSegmentInput(given);
  const changes = new Changes();
  const steps = shardSteps(input, () => undefined);
  const breaker = new Breaker(input.breaker, (delay) => steps.sleep(delay), changes);
  const { reference } = input;
  const isDue = isCheckpointDue;
  const shards = new Segment(input, { reference, steps, breaker, changes, isDue });
  setHandler(reportQuery, () => shards.report);
  setHandler(ordersSignal, (orders: unknown) => {
    if (ORDERS(orders, 'orders') !== null) return;
    const { slots, probe } = orders as Orders;
    shards.setSlots(slots);
    if (probe) breaker.probe();
  });
  const scope = CancellationScope.current();
  scope.cancelRequested.catch(() => {
    shards.cancel();
  });
  shards.setSlots(input.slots);
  const last = await conductSegment(shards, changes, (report) =>
    tell(input.study, report).catch(() => {
      scope.cancel();
    }),
  );
  return scope.consideredCancelled ? scope.cancelRequested : last;
}

async function tell(study: string, report: SegmentReport): Promise<void> {
  const { workflowId: id } = workflowInfo();
  await CancellationScope.nonCancellable(() =>
    getExternalWorkflowHandle(study).signal(reportSignal, id, report),
  );
}
