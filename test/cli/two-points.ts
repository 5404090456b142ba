/** The study `small` of two points, which are solved at once. */
export const TWO_POINTS = `
version: 1
name: small
grids:
  - { name: one, classes: 4, majorityClasses: 2, majoritySamples: 100, minoritySamples: 25, lambda: [0.01, 0.02] }
solver: { kind: exact }
`;
