/** Failures that trying again does not mend, by the names of their errors, wherever these are thrown. */
export const PERMANENT_FAILURES: readonly string[] = [
  'UnknownStudy',
  'UnsolvablePoint',
  'InvalidInput',
  'StoreNotServed',
  'NotAStore',
];

/**
 * Type of the failure of a step that has met a fault of the machine, the store or the way to it; its message says which.
 * It says nothing of the step, which is handed out again, elsewhere or later. Temporal does not try it again by itself:
 * its tries are counted.
 */
export const INFRASTRUCTURE = 'Infrastructure';

/** What an activity or a workflow was called with is nothing that it can be called with. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}
