import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { projectFile } from './cli/command.js';

/** Known faults of packages that have been here, and the version that mends each. */
const FAULTS = [
  { name: '@opentelemetry/core', mendedIn: '2.8.0', fault: 'CVE-2026-54285' },
] as const;

type Installed = Readonly<Record<string, { readonly version?: string }>>;

describe('the packages of the lock file', () => {
  it('have none of the faults that were found in them', async () => {
    const lock = await readFile(projectFile('package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lock) as { packages: Installed };
    expect(faultsOf(packages)).toEqual([]);
  });

  it('would be named if one came back with another package', () => {
    const packages = {
      'node_modules/@opentelemetry/core': { version: '2.12.1' },
      'node_modules/older/node_modules/@opentelemetry/core': { version: '1.30.1' },
    };
    expect(faultsOf(packages)).toEqual([
      'node_modules/older/node_modules/@opentelemetry/core 1.30.1: CVE-2026-54285',
    ]);
  });
});

function faultsOf(packages: Installed): string[] {
  return FAULTS.flatMap(({ name, mendedIn, fault }) =>
    Object.entries(packages)
      .filter(([place]) => place.endsWith(`node_modules/${name}`))
      .filter(([, { version = '0' }]) => order(version, mendedIn) < 0)
      .map(([place, { version }]) => `${place} ${version}: ${fault}`),
  );
}

/** Below 0 where the first of two versions is the older one. */
const order = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
