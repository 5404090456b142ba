/** A failure that trying again does not mend. Retry policies know it by its name, as they do `UnknownStudy`. */
export class UnknownPlan extends Error {
  override readonly name = 'UnknownPlan';
}
