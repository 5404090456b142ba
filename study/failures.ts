/** Failures that trying again does not mend, by the names of their errors, wherever these are thrown. */
export const PERMANENT_FAILURES: readonly string[] = [
  'UnknownStudy',
  'UnsolvablePoint',
  'InvalidInput',
  'StoreNotServed',
  'NotAStore',
];

/** What an activity or a workflow was called with is nothing that it can be called with. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}
