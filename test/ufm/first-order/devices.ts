import { loops } from '../../../ufm/loops/engine.js';
import { chooseBackend } from '../../../ufm/tensor/backend.js';
import { tensors } from '../../../ufm/tensor/engine.js';

/** The devices on which the tests of the first-order scheme run. */
export const DEVICES = ['wasm', 'loops'] as const;

/** Starts a device's backend. */
export async function engineOn(device: (typeof DEVICES)[number]) {
  const { backend } = await chooseBackend(device);
  return backend === 'loops' ? loops : tensors;
}
