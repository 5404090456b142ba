import { Breaker } from '../../study/breaker.js';
import { Changes } from '../../study/changes.js';
import { conductSegment } from '../../study/conduct-segment.js';
import type { Conductor } from '../../study/conductor.js';
import type { Steps } from '../../study/orchestration.js';
import type { Orders, Runners } from '../../study/relay.js';
import { Segment } from '../../study/segment.js';
import { reference } from './fake-steps.js';

interface Running {
  readonly segment: Segment;
  /** Whether its history is full. */
  isDue: boolean;
  isLost: boolean;
}

/** Segments in this process. Every message to and from them waits in the mail until it is delivered. */
export class FakeRunners implements Runners {
  readonly #steps: Steps;
  readonly running = new Map<string, Running>();
  readonly orders: (Orders & { readonly id: string })[] = [];
  mail: (() => void)[] = [];
  /** The study that reports go to. */
  conductor: Conductor | null = null;
  started = 0;
  cancelled = 0;
  mayStartMore = true;

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  mayStart(): boolean {
    return this.mayStartMore;
  }

  start: Runners['start'] = (start, slots, state) => {
    this.started += 1;
    const id = `segment-${this.started}`;
    this.#send(id, () => {
      const changes = new Changes();
      const steps = this.#steps;
      const breaker = new Breaker(state, (delay) => steps.sleep(delay), changes);
      const segment: Segment = new Segment(start, {
        ...{ reference, steps, breaker, changes },
        isDue: () => running.isDue,
      });
      const running: Running = { segment, isDue: false, isLost: false };
      this.running.set(id, running);
      segment.setSlots(slots);
      void conductSegment(segment, changes, (report) => {
        if (running.isLost) return new Promise(() => undefined);
        return new Promise((resolve) => {
          this.#send(id, () => {
            this.conductor!.heard(id, report);
            resolve();
          });
        });
      }).then(() => this.running.delete(id));
    });
    return id;
  };

  order: Runners['order'] = (id, orders) => {
    this.orders.push({ id, ...orders });
    this.#send(id, () => this.#reach(id)?.segment.setSlots(orders.slots));
  };

  cancel: Runners['cancel'] = (id) => {
    this.cancelled += 1;
    this.#send(id, () => this.#reach(id)?.segment.cancel());
  };

  /** Delivers what is in the mail, in its order. */
  deliver(most = Infinity): void {
    for (const message of this.mail.splice(0, most)) message();
  }

  /** A segment is terminated: what it has in flight tells nobody how it ends. */
  lose(id: string): void {
    this.running.get(id)!.isLost = true;
    this.running.delete(id);
  }

  /** A message to a segment that is not there comes back. */
  #reach(id: string): Running | null {
    const running = this.running.get(id);
    if (running === undefined) this.conductor!.lost(id);
    return running ?? null;
  }

  #send(_id: string, message: () => void): void {
    this.mail.push(message);
  }
}
