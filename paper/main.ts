// `npm run paper` and `npm run remedies`: runs the studies of examples/paper or examples/remedies one after the other, says how
// long each took, and draws the figures of docs/reproduction.md or docs/remedies.md. Takes the options of `ufm-sweep run`.
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reportData } from '../analysis/analyze.js';
import { drawingFile } from '../analysis/report/standalone.js';
import { findStudy } from '../cli/study-name.js';
import { PROJECT_ROOT } from '../infra/project-root.js';
import { openDatabase } from '../results/database.js';
import { loadStudy } from '../results/studies.js';
import { FIGURES as FIGURES_OF_PAPER } from './figures.js';
import { FIGURES as FIGURES_OF_REMEDIES } from './remedies.js';

const FIGURES = { ...FIGURES_OF_PAPER, ...FIGURES_OF_REMEDIES };
const DRAWINGS = path.join(PROJECT_ROOT, 'docs/figures');
const PROGRAM = path.join(PROJECT_ROOT, 'dist/cli/main.js');

const [folder, ...given] = process.argv.slice(2);
const STUDIES = path.join(PROJECT_ROOT, 'examples', folder!);
const { values } = parseArgs({
  args: given,
  options: { store: { type: 'string' } },
  strict: false,
});
const store = String(values.store ?? process.env['UFM_STORE'] ?? 'ufm-results');

await mkdir(DRAWINGS, { recursive: true });
for (const file of (await readdir(STUDIES)).sort()) {
  const started = performance.now();
  const study = path.join(STUDIES, file);
  const { status } = spawnSync(process.execPath, [PROGRAM, 'run', study, ...given], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  await drawFigures(`${folder!}-${path.basename(file, '.yaml')}`);
  console.log(`${file}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

async function drawFigures(name: string): Promise<void> {
  const found = await findStudy(store, name);
  const study = await loadStudy(found.store, found.reference);
  const database = await openDatabase(found.store, found.reference);
  try {
    const data = await reportData(found.store, found.reference, study, database);
    const figures = await FIGURES[name]!({ data, database });
    for (const [file, { title, legend, drawing }] of Object.entries(figures)) {
      await writeFile(path.join(DRAWINGS, `${file}.svg`), drawingFile(title, legend, drawing));
    }
  } finally {
    database.close();
  }
}
