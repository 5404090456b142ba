import { describe, expect, it } from 'vitest';
import { AXIS_NAMES } from '../../study/study.js';
import { suggestion } from '../../study/suggestion.js';

describe('a suggestion', () => {
  it.each([
    ['minority_samples', 'minoritySamples'],
    ['MajorityClasses', 'majorityClasses'],
    ['lambdab', 'lambdaB'],
    ['lamdba', 'lambda'],
    ['imbalance_ration', 'imbalanceRatio'],
    ['sampels', 'samples'],
    ['K', 'classes'],
    ['n_A', 'majoritySamples'],
  ])('for %s is %s', (word, name) => {
    expect(suggestion(word, AXIS_NAMES)).toBe(name);
  });

  it.each(['momentum', 'x', 'learningRate', 'constructor', ''])('for %s is none', (word) => {
    expect(suggestion(word, AXIS_NAMES)).toBeNull();
  });
});
