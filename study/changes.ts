/** Wakes whoever waits for something to change. */
export class Changes {
  #waiting: (() => void)[] = [];

  /** Resolves once something has changed. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
