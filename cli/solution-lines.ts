import type { CosineTable, Solution } from '../ufm/solution.js';
import type { InstanceRequest, RefusedLine } from './instance-lines.js';

/** The answer to one line as JSON, clusters in the order of the request. */
export function formatAnswer(request: InstanceRequest, solution: Solution): string {
  return withId(request.id, documentOf(request, solution));
}

/** What is answered to a line that is none. */
export function formatRefusal({ id, message }: RefusedLine): string {
  return withId(id, { status: 'failed', message });
}

/** The id as it was written: to read it and to write it would change large numbers. */
function withId(id: string | undefined, document: object): string {
  const json = JSON.stringify(document);
  return id === undefined ? json : `{"id":${id},${json.slice(1)}`;
}

function documentOf(request: InstanceRequest, solution: Solution): object {
  const { instance, clusters } = request;
  // What nothing tells apart is one cluster to the solver; each written cluster finds the one that holds it.
  const place = clusters.map((cluster) => cluster.place);
  const hasContrast = clusters.map(({ classes }) => classes >= 2);
  const perCluster = <T>(values: readonly T[] | null) =>
    values === null ? null : place.map((index) => values[index]!);
  const ofContrast = <T>(values: readonly T[] | null) =>
    values === null ? null : place.map((index, j) => (hasContrast[j] ? values[index]! : null));
  const cosines = (table: CosineTable | null) =>
    table === null
      ? null
      : place.map((row, i) =>
          place.map((column, j) => (i === j && !hasContrast[i] ? null : table[row]![column]!)),
        );
  return {
    status: solution.status,
    objective: solution.objective,
    lower_bound: solution.lowerBound,
    gap: solution.gap,
    relative_gap: solution.relativeGap,
    relative_gap_before_polish: solution.relativeGapBeforePolish,
    rank: solution.rank,
    singular_values: solution.singularValues,
    contrasts: ofContrast(solution.contrasts),
    collapsed: ofContrast(solution.collapsed),
    mean_collapsed: solution.meanCollapsed,
    cos_W: cosines(solution.cosW),
    cos_H: cosines(solution.cosH),
    cos_Z: cosines(solution.cosZ),
    norm_W: perCluster(solution.normW),
    norm_H: perCluster(solution.normH),
    norm_Z: perCluster(solution.normZ),
    bias: perCluster(solution.bias),
    within_class_variability: solution.withinClassVariability,
    within_class_variability_pinv: solution.withinClassVariabilityPinv,
    iterations: solution.iterations,
    polish_iterations: solution.polishIterations,
    seconds: solution.seconds,
    solver: instance.solver,
    backend: solution.backend,
    device: solution.device,
    seed: instance.seed,
    ...(solution.message === null ? {} : { message: solution.message }),
  };
}
