import type { Reporter, TestModule } from 'vitest/node';

/** Closes a run with one plain line that any tool can read: `N passed, N failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      // A file that cannot be loaded has no tests, yet it has failed.
      if (module.errors().length > 0) count.failed += 1;
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    const skipped = count.skipped > 0 ? `, ${String(count.skipped)} skipped` : '';
    process.stdout.write(
      `${String(count.passed)} passed, ${String(count.failed)} failed${skipped}\n`,
    );
  }
}
