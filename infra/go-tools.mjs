// Builds programs of others that the cluster's tests and checks run, by `go install` into .tools/go, at pinned versions
// whose sums Go checks. Says one line a program that it builds, nothing when there is nothing to do, and exits 1 with one
// line when it cannot, but 0 with --if-possible.
//
//     node infra/go-tools.mjs helm kubeconform
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(path.dirname(import.meta.dirname), '.tools/go');

/** What to install, and what it is called afterwards. */
const programs = {
  helm: { of: 'helm.sh/helm/v3/cmd/helm@v3.22.0' },
  kubeconform: { of: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0' },
  promtool: { of: 'github.com/prometheus/prometheus/cmd/promtool@v0.316.0' },
  versitygw: { of: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0' },
  'temporal-server': { of: 'go.temporal.io/server/cmd/server@v1.32.0' },
  'temporal-sql-tool': { of: 'go.temporal.io/server/cmd/tools/sql@v1.32.0' },
};

function build(name) {
  const { of } = programs[name];
  const target = path.join(folder, name);
  const stamp = `${target}.version`;
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8') === of) return;
  console.log(`go-tools: ${name}, by go install (minutes the first time)`);
  const { status, error, stderr } = spawnSync('go', ['install', of], {
    env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-trimpath' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) {
    const reason = error === undefined ? stderr.trim().split('\n').at(-1) : error.message;
    console.error(`go-tools: ${name} cannot be built: ${reason}`);
    process.exit(ifPossible ? 0 : 1);
  }
  const module = of.split('@')[0];
  const built = path.join(folder, path.basename(module));
  if (built !== target) renameSync(built, target);
  writeFileSync(stamp, of);
}

const ifPossible = process.argv.includes('--if-possible');
const names = process.argv.slice(2).filter((word) => word !== '--if-possible');
const unknown = names.find((name) => !(name in programs));
if (unknown !== undefined) {
  console.error(`go-tools: no program ${unknown}; there are ${Object.keys(programs).join(', ')}`);
  process.exit(2);
}
names.forEach(build);
