import type { z } from 'zod';
import type { AxisValue } from './study.js';

/** What may stand behind one name of a study file. */
export interface AxisRule {
  /** What the name means, in a sentence: it ends up in the JSON Schema and in editors. */
  readonly meaning: string;
  /** How one value is written, for messages. */
  readonly shape: string;
  /** One value. */
  readonly value: z.ZodType<AxisValue>;
  /** The numbers between which a range may run; null where ranges make no sense. */
  readonly number: z.ZodNumber | null;
  /**
   * How values lie between values: `integer` and `real` axes can be searched for transitions, `null` is for names
   * whose values have no neighbours (words, lists, seeds).
   */
  readonly scale: 'integer' | 'real' | null;
}

/** A name with whole numbers. */
export const integers = (number: z.ZodNumber, meaning: string): AxisRule => ({
  meaning,
  shape: 'a whole number',
  value: number,
  number,
  scale: 'integer',
});

/** A name with numbers. */
export const reals = (number: z.ZodNumber, meaning: string): AxisRule => ({
  meaning,
  shape: 'a number',
  value: number,
  number,
  scale: 'real',
});

/** A name with values between which nothing lies. */
export const choices = (value: z.ZodType<AxisValue>, shape: string, meaning: string): AxisRule => ({
  meaning,
  shape,
  value,
  number: null,
  scale: null,
});
