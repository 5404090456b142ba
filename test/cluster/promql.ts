/** A metric of an expression, with the labels that the expression asks of it. */
export interface Use {
  readonly metric: string;
  readonly labels: readonly string[];
}

const METRIC = /\b((?:ufm|temporal)_\w+)(?:\{([^}]*)\})?/g;
const LABEL = /(\w+)\s*(?:=~|!~|!=|=)\s*"/g;
const GROUPING = /\b(?:by|on)\s*\(([^)]*)\)/g;

/** The metrics of workers that an expression reads; those of Prometheus itself, such as `up`, are left out. */
export function usesOf(expression: string): readonly Use[] {
  const grouped = [...expression.matchAll(GROUPING)]
    .flatMap(([, names]) => names!.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== 'le');
  return [...expression.matchAll(METRIC)].map(([, metric, selector = '']) => ({
    metric: metric!,
    labels: [...[...selector.matchAll(LABEL)].map(([, label]) => label!), ...grouped],
  }));
}

/** The samples of what a worker exports: the labels of each metric. */
export function exported(exposition: string): ReadonlyMap<string, ReadonlySet<string>> {
  const samples = new Map<string, Set<string>>();
  for (const line of exposition.split('\n')) {
    const [, metric, labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (metric === undefined) continue;
    const known = samples.get(metric) ?? new Set();
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
    samples.set(metric, known);
  }
  return samples;
}
