import { z } from 'zod';
import type { AxisRule } from './axis-rule.js';
import { LARGEST_AXIS, rangeSchema, rangeValues, type Range } from './range.js';
import type { AxisValue } from './study.js';

/** How much of a value is shown. */
const SHOWN_CHARACTERS = 60;

/** What a study file may say behind a name: a value, a range, or a list of values and ranges. */
export type AxisInput = AxisValue | Range | readonly (AxisValue | Range)[];

/** The schema of what may stand behind a name. */
export function axisInputSchema(rule: AxisRule): z.ZodType<AxisInput> {
  const range = rule.number === null ? null : rangeSchema(rule.number, isInteger(rule));
  const item: z.ZodType<AxisValue | Range> =
    range === null
      ? rule.value
      : z.union([rule.value, range], { error: mustBe(rule.shape, 'a range') });
  const list = z
    .array(item)
    .min(1)
    .max(LARGEST_AXIS)
    .check(({ value: items, issues }) => {
      // What is wrong in itself is not written out: a range may say that it has a billion values.
      if (issues.length > 0) return;
      const twice = repeated(items.flatMap((part) => itemValues(rule, part)));
      if (twice === undefined) return;
      issues.push({ code: 'custom', input: items, message: `lists ${shown(twice)} twice` });
    });
  return range === null
    ? z.union([rule.value, list], { error: mustBe(rule.shape, 'a list of such') })
    : z.union([rule.value, range, list], {
        error: mustBe(rule.shape, 'a range {from, to, step | points}', 'a list'),
      });
}

/** The values of a valid input, in the order in which they are written. */
export function axisValues(rule: AxisRule, input: AxisInput): AxisValue[] {
  const single = rule.value.safeParse(input).success || isRange(input);
  const items = (single ? [input] : input) as readonly (AxisValue | Range)[];
  return items.flatMap((item) => itemValues(rule, item));
}

function itemValues(rule: AxisRule, item: AxisValue | Range): AxisValue[] {
  return isRange(item) ? rangeValues(item, isInteger(rule)) : [item];
}

function isRange(input: AxisInput): input is Range {
  return typeof input === 'object' && 'from' in input;
}

function isInteger(rule: AxisRule): boolean {
  return rule.number !== null && rule.scale !== 'real';
}

function repeated(values: readonly AxisValue[]): AxisValue | undefined {
  const seen = new Set<string>();
  return values.find((value) => {
    const text = JSON.stringify(value);
    if (seen.has(text)) return true;
    seen.add(text);
    return false;
  });
}

function shown(value: AxisValue): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}...`;
}

function mustBe(...shapes: string[]): string {
  return `must be ${shapes.slice(0, -1).join(', ')} or ${shapes.at(-1) ?? ''}`;
}
