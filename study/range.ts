import { z } from 'zod';

/** The most values of one axis. */
export const LARGEST_AXIS = 100_000;

/** `{from, to, step}` or `{from, to, points, scale}`, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly step?: number | undefined;
  readonly points?: number | undefined;
  readonly scale?: 'linear' | 'log' | undefined;
}

/**
 * A range whose ends obey `number`; on an integer axis so does the step.
 * One object with optional keys, not a union: a slip in a key is then told as that, and not as a wrong variant.
 */
export function rangeSchema(number: z.ZodNumber, integer: boolean): z.ZodType<Range> {
  return z
    .strictObject({
      from: number.describe('The first value.'),
      to: number.describe('The last value; with `step`, no value lies beyond it.'),
      step: (integer ? z.int() : z.number())
        .gt(0)
        .optional()
        .describe('The distance of neighbours.'),
      points: z.int().min(2).max(LARGEST_AXIS).optional().describe('How many values.'),
      scale: z.enum(['linear', 'log']).optional().describe('With `points`: how values are spread.'),
    })
    .superRefine((range, context) => {
      for (const message of rangeMistakes(range)) context.addIssue({ code: 'custom', message });
    });
}

function rangeMistakes(range: Range): string[] {
  const { from, to, step, points, scale } = range;
  const mistakes: string[] = [];
  if (from >= to) mistakes.push(`\`from\` must be below \`to\`, not ${from} and ${to}`);
  if ((step === undefined) === (points === undefined)) {
    mistakes.push('a range needs either `step` or `points`');
  }
  if (scale !== undefined && points === undefined) mistakes.push('`scale` goes with `points`');
  if (scale === 'log' && from <= 0) mistakes.push('a `log` range must start above 0');
  if (step !== undefined && from < to && (to - from) / step >= LARGEST_AXIS) {
    mistakes.push(`a range has at most ${LARGEST_AXIS} values; take a larger \`step\``);
  }
  return mistakes;
}

/**
 * The values of a valid range, ascending and distinct. Numbers are rounded to 12 significant digits, so that
 * 0.1 + 2 * 0.1 is the 0.3 that a person would write; on an integer axis to integers, without repetition.
 */
export function rangeValues(range: Range, integer: boolean): number[] {
  const tidy = integer ? Math.round : tidyNumber;
  const values = rawValues(range).map(tidy);
  return [...new Set(values)];
}

/** The number with 12 significant digits that is nearest: what a person would have written. */
export function tidyNumber(value: number): number {
  return Number(value.toPrecision(12));
}

function rawValues({ from, to, step, points, scale }: Range): number[] {
  if (step !== undefined) {
    // A `to` that a whole number of steps reaches is a value, whatever the division rounds to.
    const steps = Math.floor((to - from) / step + 1e-9);
    return Array.from({ length: steps + 1 }, (_, i) => Math.min(from + i * step, to));
  }
  const last = (points ?? 2) - 1;
  return Array.from({ length: last + 1 }, (_, i) => {
    if (i === 0) return from;
    if (i === last) return to;
    return scale === 'log' ? from * (to / from) ** (i / last) : from + ((to - from) * i) / last;
  });
}
