import { inject } from 'vitest';
import type { DeviceChoice } from '../../ufm/tensor/backend.js';

declare module 'vitest' {
  interface ProvidedContext {
    readonly device: DeviceChoice;
  }
}

/** What the tests of the tensor solver run on: every vitest project names its own, because a process has but one. */
export const device = inject('device');
