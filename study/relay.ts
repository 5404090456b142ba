import type { BreakerState } from './breaker.js';
import type { Changes } from './changes.js';
import { emptyReport, hasEnded, type SegmentReport, type SegmentStart } from './segment-report.js';

/** A segment that runs elsewhere, as it was last heard of. */
export interface RemoteSegment {
  readonly id: string;
  readonly report: SegmentReport;
}

/** What a segment that runs elsewhere is told. */
export interface Orders {
  /** How many shards it may have in flight; 0 while the study is paused. */
  readonly slots: number;
  /** Whether to try at once what waits for the infrastructure to come back. */
  readonly probe: boolean;
}

/**
 * Runs segments elsewhere: on Temporal in child workflows, each with a history of its own. What it is asked happens some time
 * later; when it cannot, `Conductor.lost` hears of it.
 */
export interface Runners {
  /** Whether another segment may begin now. */
  mayStart(): boolean;
  /** Starts a segment, and returns its id at once. */
  start(segment: SegmentStart, slots: number, breaker: BreakerState): string;
  order(id: string, orders: Orders): void;
  cancel(id: string): void;
}

/** A segment whose reports have stopped is asked whether it is there by an order, which costs some ten events. */
const ASK_EVERY_MS = 600_000;

/** How many segments may run at once: more than stragglers of any study seen keep open, and few enough to remember. */
export const MOST_SEGMENTS = 100;

/**
 * Of the slots that are in other hands, one in so many has to be free before the segment that hands out is told: see
 * `isNews`.
 */
const FREED_PER_ORDER = 16;

/** The segments of a round that run elsewhere. Only the last one hands out shards; those before it run down. */
export class Relay {
  readonly #runners: Runners | null;
  readonly #changes: Changes;
  readonly #ended: (report: SegmentReport) => void;
  #segments: readonly RemoteSegment[];
  /** What the last segment was given; null when this is not known. */
  #slots: number | null = null;
  /** After a loss the rest is not given away in this run, in case it would be lost as well. */
  #hasLost = false;

  /**
   * @param runners null where there are none
   * @param segments that run
   * @param ended gets the last report of each segment
   */
  constructor(
    runners: Runners | null,
    segments: readonly RemoteSegment[],
    changes: Changes,
    ended: (report: SegmentReport) => void,
  ) {
    this.#runners = runners;
    this.#segments = segments;
    this.#changes = changes;
    this.#ended = ended;
  }

  get segments(): readonly RemoteSegment[] {
    return this.#segments;
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  /** Whether one of them hands out shards. */
  get isOpen(): boolean {
    return this.#open() !== null;
  }

  /** The first shard that none of them has handed out; 0 when none runs. */
  get next(): number {
    return this.#segments.at(-1)?.report.next ?? 0;
  }

  /** Shards in flight in segments that hand out no more. */
  get held(): number {
    const closed = this.#segments.filter(({ report }) => report.closed);
    return closed.reduce((sum, { report }) => sum + report.inFlight, 0);
  }

  /** Starts a segment behind the others, unless there may be none. */
  start(segment: SegmentStart, slots: number, breaker: BreakerState): void {
    const isFull = this.#segments.length >= MOST_SEGMENTS;
    if (this.#runners === null || this.#hasLost || isFull || !this.#runners.mayStart()) return;
    const id = this.#runners.start(segment, slots, breaker);
    this.#slots = slots;
    this.#segments = [...this.#segments, { id, report: emptyReport(segment.first) }];
  }

  /**
   * Gives the segment that hands out its slots, if there is one.
   *
   * @param held how many more it gets once all that others have in flight has ended
   */
  allot(slots: number, held: number): void {
    const open = this.#open();
    if (open === null || slots === this.#slots) return;
    const more = slots - (this.#slots ?? Number.NEGATIVE_INFINITY);
    if (more < 0 || held === 0 || more >= (held + more) / FREED_PER_ORDER) this.#order(open, slots);
  }

  /** Has what waits for the infrastructure tried at once. */
  probe(): void {
    const open = this.#open();
    if (open !== null) this.#runners?.order(open.id, { slots: this.#slots ?? 0, probe: true });
  }

  /** What a segment says of itself. One that belongs to a study that began anew is stopped: nobody waits for it. */
  heard(id: string, report: SegmentReport): void {
    if (!this.#segments.some((segment) => segment.id === id)) {
      if (!hasEnded(report)) this.#runners?.cancel(id);
      return;
    }
    this.#segments = hasEnded(report)
      ? this.#segments.filter((segment) => segment.id !== id)
      : this.#segments.map((segment) => (segment.id === id ? { id, report } : segment));
    if (hasEnded(report)) this.#ended(report);
    this.#changes.tell();
  }

  /** A segment is gone without having said how it ended: what it had in flight has no outcome. */
  lost(id: string): void {
    const report = this.#segments.find((segment) => segment.id === id)?.report;
    if (report === undefined) return;
    this.#hasLost = true;
    const left = report.left + Math.max(1, report.inFlight);
    this.heard(id, { ...report, closed: true, inFlight: 0, left });
  }

  /** Stops all of them. */
  cancel(): void {
    for (const { id } of this.#segments) this.#runners?.cancel(id);
  }

  /** Asks from time to time whether they are there, for as long as there are any. */
  async watch(sleep: (milliseconds: number) => Promise<void>): Promise<void> {
    while (!this.isEmpty) {
      await sleep(ASK_EVERY_MS);
      for (const segment of this.#segments) this.#order(segment, this.#slots ?? 0);
    }
  }

  #open(): RemoteSegment | null {
    const last = this.#segments.at(-1);
    return last === undefined || last.report.closed ? null : last;
  }

  #order({ id }: RemoteSegment, slots: number): void {
    if (id === this.#open()?.id) this.#slots = slots;
    this.#runners?.order(id, { slots, probe: false });
  }
}
