import { COMPANY } from './company.js';
import { DAMAGED_FILES } from './damaged-files.js';
import { FAILING_PROCESSES } from './failing-processes.js';
import type { Fault } from './fault.js';
import { OUTAGES } from './outages.js';
import { UPGRADES } from './upgrades.js';

/** Every kind of fault there is. */
export const FAULTS: readonly Fault[] = [
  ...FAILING_PROCESSES,
  ...DAMAGED_FILES,
  ...OUTAGES,
  ...COMPANY,
  ...UPGRADES,
];
