import type { AxisName } from './study.js';

/**
 * Coordinates that describe no instance: a cluster without samples, more majority classes than classes, ...
 * The name is the one to change first.
 */
export class ImpossibleInstance extends Error {
  constructor(
    readonly axis: AxisName,
    message: string,
  ) {
    super(message);
    this.name = 'ImpossibleInstance';
  }
}
