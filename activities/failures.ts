/**
 * A point of a plan is none that a study could have asked for. Trying again does not mend it: retry policies know it by
 * its name, as they do `UnknownStudy`.
 */
export class UnsolvablePoint extends Error {
  override readonly name = 'UnsolvablePoint';
}

/**
 * The points of a plan are named by another numerical version of the solvers than this worker's. Another worker may
 * have the right one, so that trying again may help.
 */
export class OtherNumericalVersion extends Error {
  override readonly name = 'OtherNumericalVersion';
}
