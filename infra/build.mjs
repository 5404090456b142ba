// Builds dist/: compiles the sources, then bundles the workflow code so that a worker starts without webpack.
// Does nothing when no source has changed since the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const stampFile = path.join(root, 'dist/.build-stamp.json');
const configuration = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** The hash of every file that a build reads, by path. */
function fingerprint() {
  const { include } = JSON.parse(readFileSync(path.join(root, 'tsconfig.build.json'), 'utf8'));
  const sources = include.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(folder, name)),
  );
  return Object.fromEntries(
    [...configuration, ...sources.sort()].map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(root, name)))
        .digest('hex'),
    ]),
  );
}

function changed(before, now, matters) {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].some((name) => matters(name) && before[name] !== now[name]);
}

function compile() {
  tsc('-p', 'tsconfig.build.json');
  // What runs in a browser sees other libraries than the rest.
  for (const folder of ['analysis/report/browser', 'live/browser']) {
    tsc('-p', folder, '--noEmit', 'false', '--rootDir', '.', '--outDir', 'dist');
  }
}

function tsc(...options) {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

async function bundle() {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, 'dist/workflows/index.js'),
    workflowInterceptorModules: [path.join(root, 'dist/workflows/tracing.js')],
    logger: new DefaultLogger('WARN'),
  });
  // The map behind the code names files of this machine; the hash is that of the code alone.
  const [program] = code.split('//# sourceMappingURL=');
  const hash = createHash('sha256').update(program).digest('hex').slice(0, 16);
  const named = code.replace("'not-bundled-code'", `'${hash}'`);
  if (named === code) throw new Error('workflows/bundle.ts is not in the bundle');
  writeFileSync(path.join(root, 'dist/workflow-bundle.js'), named);
}

const now = fingerprint();
const before = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
if (changed(before, now, () => true)) {
  // A source that is gone must not leave its compiled file behind.
  if (Object.keys(before).some((name) => !(name in now))) {
    rmSync(path.join(root, 'dist'), { recursive: true });
  }
  console.log('build: compile');
  compile();
  // Workflow code imports only these folders; a new library version comes with a new lock file.
  const inBundle = (name) => /^(study|workflows)\/|^package-lock/.test(name);
  if (changed(before, now, inBundle) || !existsSync(path.join(root, 'dist/workflow-bundle.js'))) {
    console.log('build: bundle the workflows');
    await bundle();
  }
  writeFileSync(stampFile, JSON.stringify(now));
}
