import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that start processes, threads or workflows, which run what is built. */
const BUILT = ['cli', 'e2e', 'fuzz', 'golden', 'live', 'replay', 'upgrades', 'workers', 'workflows']
  .map((folder) => `test/${folder}/**/*.test.ts`)
  .concat('test/docs/analysts.test.ts')
  // The report carries a compiled script.
  .concat('test/analysis/analyze.test.ts', 'test/analysis/report/{page,size}.test.ts');

/** Tests that drive a real browser: slow, and with a command of their own. */
const IN_BROWSER = ['test/live/page.test.ts', 'test/analysis/report/browser.test.ts'];

/** Tests against servers that a cluster has: they take minutes to set up, and have a command of their own. */
const IN_CLUSTER = ['test/cluster/**/*.test.ts'];

/** Tests of the tensor solver that run on every device. */
const ON_DEVICES = [
  'test/ufm/solve.test.ts',
  'test/ufm/first-order/{members,objective,reference,solve}.test.ts',
];

/** Tests that strike clusters and hosts with faults: they take minutes, and have a command of their own. */
const UNDER_FAULTS = ['test/{faults,hosts}/**/*.test.ts'];

const OWN_STATE = './test/own-state.ts';

export default defineConfig({
  test: {
    // A failure to start a server or a worker thread shows as a timeout: generous, since nothing waits for it.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Most of a test's time is that of processes which it waits for: with a worker a core, cores would idle.
    maxWorkers: availableParallelism() + 1,
    reporters: ['default', './test/summary-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'sources',
          include: ['test/**/*.test.ts'],
          exclude: [...BUILT, ...IN_BROWSER, ...UNDER_FAULTS, ...IN_CLUSTER],
          setupFiles: OWN_STATE,
          provide: { devices: ['wasm', 'loops'] },
        },
      },
      {
        extends: true,
        test: {
          name: 'native',
          include: ON_DEVICES,
          provide: { devices: ['native'] },
          setupFiles: './test/ufm/only-with-native.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'built',
          include: BUILT,
          exclude: IN_BROWSER,
          setupFiles: OWN_STATE,
          globalSetup: './test/build.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: IN_BROWSER,
          setupFiles: OWN_STATE,
          globalSetup: './test/build.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: UNDER_FAULTS,
          setupFiles: OWN_STATE,
          globalSetup: './test/build.ts',
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: IN_CLUSTER,
          setupFiles: OWN_STATE,
          globalSetup: './test/build.ts',
          testTimeout: 300_000,
          // Each starts servers of its own: side by side they would starve one another.
          fileParallelism: false,
        },
      },
    ],
  },
});
