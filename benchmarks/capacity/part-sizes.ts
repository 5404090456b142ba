import { solvePart } from '../../activities/solve-part.js';
import { gridPoints } from '../../activities/survey.js';
import { canonicalJson, pointKey } from '../../study/key.js';
import { formatProblems, parseStudy } from '../../study/parse.js';
import { NUMERICAL_VERSION } from '../../ufm/numerical-version.js';

/** Bytes of two parts of the same kind of rows. */
export interface PartSize {
  /** Sample counts that differ: a row has a value for each pair of them. */
  readonly clusters: number;
  readonly solver: 'exact' | 'tensor';
  readonly few: { readonly rows: number; readonly bytes: number };
  readonly many: { readonly rows: number; readonly bytes: number };
}

const FEW = 16;
const MANY = 1024;

/** How large parts of K = 10 classes are, by how many sample counts the classes have. */
export async function partSize(clusters: number, solver: 'exact' | 'tensor'): Promise<PartSize> {
  return {
    clusters,
    solver,
    few: { rows: FEW, bytes: await bytesOf(FEW, clusters, solver) },
    many: { rows: MANY, bytes: await bytesOf(MANY, clusters, solver) },
  };
}

async function bytesOf(rows: number, clusters: number, solver: string): Promise<number> {
  const parsed = parseStudy(studyOf(rows, clusters, solver), 'study.yaml');
  if (!parsed.ok) throw new Error(formatProblems('study.yaml', parsed.problems));
  const points = [...gridPoints(parsed.study)].map(({ instance }) => ({
    key: pointKey(instance, NUMERICAL_VERSION),
    instance: canonicalJson(instance),
  }));
  const provenance = {
    attempt: 1,
    worker: `${process.pid}@capacity`,
    codeVersion: '0.1.0',
    numericalVersion: NUMERICAL_VERSION,
    specHash: '0'.repeat(16),
  };
  const task = { points, solved: new Map(), provenance };
  const { bytes, outcome } = await solvePart(task, { device: 'loops' });
  if (outcome.failed > 0 || outcome.points !== rows) throw new Error('not every point was solved');
  return bytes.length;
}

/** K = 10 classes in so many clusters of about equal size, at so many lambdas. */
function studyOf(rows: number, clusters: number, solver: string): string {
  const classes = Array.from(
    { length: clusters },
    (_, j) =>
    Math.floor((10 * (j + 1)) / clusters) - Math.floor((10 * j) / clusters), // prettier-ignore
  );
  const profile = classes.map((count, j) => `[${count}, ${500 - 40 * j}]`).join(', ');
  return `version: 1
name: part-sizes
grids:
  - name: lambda
    clusters: [${profile}]
    lambdaB: 0.02
    lambda: {from: 0.003, to: 0.0078, points: ${rows}}
solver: {kind: ${solver}}
`;
}
