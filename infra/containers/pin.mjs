// Prints what the tags of the Dockerfile's and the compose file's images stand for today, as the variables that both
// take: node infra/containers/pin.mjs > infra/containers/.env
// Asks the registries through Docker. Exits 1 with one line where one does not answer, and prints nothing then.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const read = (name) => readFileSync(path.join(import.meta.dirname, name), 'utf8');

/** Images by the variables of their digests. */
function images() {
  const dockerfile = read('Dockerfile');
  const version = /^ARG NODE_VERSION=(\S+)$/m.exec(dockerfile)[1];
  const text = dockerfile.replaceAll('${NODE_VERSION}', version) + read('compose.yaml');
  const found = text.matchAll(/([\w./-]+:[\w.-]+)\$\{(\w+_DIGEST):\+@/g);
  return new Map([...found].map(([, image, variable]) => [variable, image]));
}

function digestOf(image) {
  const words = ['buildx', 'imagetools', 'inspect', image, '--format', '{{.Manifest.Digest}}'];
  const { stdout, stderr, error } = spawnSync('docker', words, { encoding: 'utf8' });
  const digest = stdout?.trim() ?? '';
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  console.error(
    `pin: no digest of ${image}: ${error?.message ?? (stderr.trim() || digest).split('\n')[0]}`,
  );
  process.exit(1);
}

const lines = [...images()].map(
  ([variable, image]) => `# ${image}\n${variable}=${digestOf(image)}`,
);
console.log(lines.join('\n'));
