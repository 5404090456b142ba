import { describe, expect, it } from 'vitest';
import { solveExact } from '../../../ufm/exact/solve.js';
import { randomInstance, uniform } from '../random-instances.js';
import { randomMember } from '../random-members.js';
import { memberInstance, REFERENCE_MEMBERS } from './reference-members.js';

const MEMBERS = 2000;
const LARGEST_GAP = 1e-9;

describe('the exact solver on the family', () => {
  it('reaches the optimum that others found of each kind of member', () => {
    for (const member of REFERENCE_MEMBERS) {
      const { objective, certificate, relativeGap } = solveExact(memberInstance(member));
      expect(relativeGap, member.kind).toBeLessThan(1e-12);
      expect(objective, member.kind).toBeGreaterThanOrEqual(member.low);
      expect(objective, member.kind).toBeLessThanOrEqual(member.high);
      expect(certificate.lowerBound, member.kind).toBeLessThanOrEqual(member.high);
    }
  });

  it('certifies random members with every kind of bias', () => {
    const random = uniform(140);
    const open = [];
    for (let i = 0; i < MEMBERS; i++) {
      const clusterCount = 1 + (i % 5);
      const plain = randomInstance(random, { clusterCount, mostClasses: 40 });
      const instance = randomMember(random, plain);
      const { relativeGap, tried } = solveExact(instance);
      if (!(relativeGap <= LARGEST_GAP))
        open.push(JSON.stringify({ relativeGap, tried, instance }));
    }
    expect(open).toEqual([]);
  });
});
