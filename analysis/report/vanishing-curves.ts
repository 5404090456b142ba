import type * as Plot from '@observablehq/plot';
import type { TransitionPoint } from '../slices.js';
import { transitionsOf, type Transition } from '../transitions.js';
import { linearScale } from './scale.js';
import { styleAt, type SeriesStyle } from './series-style.js';

/** A transition with the look of its curve. */
export interface VanishingCurve {
  readonly transition: Transition;
  readonly style: SeriesStyle;
}

/** The transitions that points along an axis can undergo, those that vanish first in front. */
export function vanishingCurves(points: readonly TransitionPoint[]): VanishingCurve[] {
  const { clusters } = points.reduce((a, b) => (b.clusters.length > a.clusters.length ? b : a));
  return transitionsOf(clusters).map((transition, i) => ({ transition, style: styleAt(i) }));
}

/** The points of a curve that have a solution. */
export function valuesAlong(
  points: readonly TransitionPoint[],
  { orderParameter }: Transition,
): { x: number; value: number }[] {
  return points.flatMap((point) => {
    const value = orderParameter(point);
    return value === null ? [] : [{ x: point.x, value }];
  });
}

/** The axis of values that vanish, of which none is above `largest`. */
export function vanishingAxis(largest: number): Plot.ScaleOptions {
  return {
    label: 'singular value',
    grid: true,
    domain: [0, largest * 1.05],
    ...linearScale(largest, 6),
  };
}
