/** Failures that trying again does not mend. Retry policies know them by their names. */

/** The store has no such study, or not this version of it. */
export class UnknownStudy extends Error {
  override readonly name = 'UnknownStudy';
}

/** The store has no such plan. */
export class UnknownPlan extends Error {
  override readonly name = 'UnknownPlan';
}
