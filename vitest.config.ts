import { defineConfig } from 'vitest/config';

/** Tests that start processes, threads or workflows, which run what is built. */
const BUILT = ['cli', 'e2e', 'replay', 'workers', 'workflows'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

/** Tests of the tensor solver, which run on several devices. */
const TENSOR = ['test/ufm/solve.test.ts', 'test/ufm/tensor/**/*.test.ts'];

/** Of these, the ones that choose devices themselves. */
const CHOOSING = ['test/ufm/tensor/backend.test.ts', 'test/ufm/tensor/ladder.test.ts'];

export default defineConfig({
  test: {
    // A failure to start a server or a worker thread shows as a timeout: generous, since nothing waits for it.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    provide: { device: 'wasm' },
    reporters: ['default', './test/summary-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'sources', include: ['test/**/*.test.ts'], exclude: BUILT } },
      {
        extends: true,
        test: {
          name: 'native',
          include: TENSOR,
          exclude: CHOOSING,
          provide: { device: 'native' },
          setupFiles: './test/ufm/only-with-native.ts',
        },
      },
      { extends: true, test: { name: 'built', include: BUILT, globalSetup: './test/build.ts' } },
    ],
  },
});
