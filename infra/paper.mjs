// Runs the studies of examples/paper one after the other and says how long each took.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../examples/paper/', import.meta.url);
const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

for (const file of readdirSync(folder).sort()) {
  const started = performance.now();
  const study = fileURLToPath(new URL(file, folder));
  const { status } = spawnSync(
    process.execPath,
    [program, 'run', study, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  );
  console.log(`${file}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  if (status !== 0) process.exit(status ?? 1);
}
