import { existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { projectFile, type Ending } from '../cli/command.js';

const SCHEMAS = projectFile('.tools/manifest-schemas');
const CHART = projectFile('infra/kubernetes/ufm-sweep');

/** The oldest that is still in support with the schemas that are there. */
const KUBERNETES = '1.34.0';

const tool = (name: string): string => projectFile(path.join('.tools/go', name));

/** Whether infra/go-tools.mjs and infra/manifest-schemas.mjs could provide what checks manifests. */
export const HAS_MANIFEST_TOOLS = [
  tool('helm'),
  tool('kubeconform'),
  path.join(SCHEMAS, '.setup-stamp'),
].every((file) => existsSync(file));

/** Whether infra/go-tools.mjs could provide promtool. */
export const HAS_PROMTOOL = existsSync(tool('promtool'));

/** A value set of the chart, in `helm`'s words: what stands in values.yaml otherwise. */
export type Values = Readonly<Record<string, unknown>>;

/** Runs one of the programs to its end. */
export async function run(
  name: 'helm' | 'kubeconform' | 'promtool',
  words: readonly string[],
  input?: string,
): Promise<Ending> {
  const { exitCode, stdout, stderr } = await execa(tool(name), words, {
    reject: false,
    ...(input !== undefined && { input }),
  });
  return { exitCode, stdout, stderr };
}

/** `helm template` of the chart as the release `sweep`. */
export function render(values: Values): Promise<Ending> {
  return helm(['template', 'sweep', CHART, '--kube-version', KUBERNETES], values);
}

/** `helm lint --strict` of the chart. */
export function lint(values: Values): Promise<Ending> {
  return helm(['lint', '--strict', CHART], values);
}

function helm(words: readonly string[], values: Values): Promise<Ending> {
  return run('helm', [...words, '--values', '-'], JSON.stringify(values));
}

/** Checks documents against the schemas of their kinds, unknown fields included, without a network. */
export function validate(documents: string): Promise<Ending> {
  const location = path.join(SCHEMAS, '{{.ResourceKind}}{{.KindSuffix}}.json');
  return run('kubeconform', ['-strict', '-summary', '-schema-location', location], documents);
}
