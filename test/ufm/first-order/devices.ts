import { inject } from 'vitest';
import { loops } from '../../../ufm/loops/engine.js';
import { chooseBackend, type DeviceChoice } from '../../../ufm/tensor/backend.js';
import { tensorsWithin } from '../../../ufm/tensor/engine.js';

declare module 'vitest' {
  interface ProvidedContext {
    readonly devices: readonly DeviceChoice[];
  }
}

/** What the tests of the first-order scheme run on: every vitest project names its own. */
export const DEVICES = inject('devices');

/** Starts a device's backend. */
export async function engineOn(device: DeviceChoice) {
  const { backend } = await chooseBackend(device);
  return backend === 'loops' ? loops : tensorsWithin(2 ** 30);
}
