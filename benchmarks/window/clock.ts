/** Lets every promise that can go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Appointment {
  readonly at: number;
  readonly happens: () => void;
}

/** Virtual time, in seconds: nothing is waited for. */
export class Clock {
  /** By time, the latest first. */
  readonly #appointments: Appointment[] = [];
  now = 0;

  after(seconds: number, happens: () => void): void {
    const at = this.now + seconds;
    let [low, high] = [0, this.#appointments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#appointments[middle]!.at > at) low = middle + 1;
      else high = middle;
    }
    this.#appointments.splice(low, 0, { at, happens });
  }

  sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(seconds, resolve);
    });
  }

  /** Runs until the work is done. */
  async runUntil(work: Promise<unknown>): Promise<void> {
    const state = { isDone: false };
    const done = work.finally(() => (state.isDone = true));
    for (;;) {
      await settle();
      if (state.isDone) break;
      const next = this.#appointments.pop();
      if (next === undefined) throw new Error('nothing happens any more, and the work is not done');
      this.now = next.at;
      next.happens();
    }
    await done;
  }
}
