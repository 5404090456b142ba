import { EventEmitter, once } from 'node:events';
import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';
import type { Outages } from './outages.js';
import type { OwnStore } from './own-store.js';

/**
 * Slots for the activities of a worker: so many at a time, and none while its store is out. The SDK asks the server for an
 * activity only with a slot in its hand, so that a worker that is out asks for none. What was asked for before may
 * still come, one a slot.
 */
export class GatedSlots implements CustomSlotSupplier<ActivitySlotInfo> {
  readonly type = 'custom';
  readonly #outages: Outages;
  readonly #store: OwnStore | null;
  /** Tells those that wait that there may be a slot. */
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #free: number;

  /** @param store see `Outages.isOut` */
  constructor(slots: number, outages: Outages, store: OwnStore | null) {
    this.#free = slots;
    this.#outages = outages;
    this.#store = store;
    outages.onChanged(() => this.#changes.emit('change'));
  }

  async reserveSlot(_context: unknown, signal: AbortSignal): Promise<SlotPermit> {
    for (;;) {
      const permit = this.tryReserveSlot();
      if (permit !== null) return permit;
      await once(this.#changes, 'change', { signal }).catch((error: unknown) => {
        // The SDK takes anything else for a fault of ours.
        throw signal.aborted ? signal.reason : error;
      });
    }
  }

  tryReserveSlot(): SlotPermit | null {
    if (this.#free === 0 || this.#outages.isOut(this.#store)) return null;
    this.#free -= 1;
    return {};
  }

  markSlotUsed(): void {
    // Reserved or used, a slot is taken.
  }

  releaseSlot(): void {
    this.#free += 1;
    this.#changes.emit('change');
  }
}
