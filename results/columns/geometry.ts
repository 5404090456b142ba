import type { CosineTable, Solution } from '../../ufm/solution.js';
import type { Column } from './column.js';

/** The geometry of the solution: rank, collapse, angles, norms. J clusters, the majority first, the minority last. */
export const GEOMETRY_COLUMNS = [
  {
    name: 'rank',
    type: 'int32',
    nullable: true,
    unit: '1',
    range: '0..K',
    formula: '#{i : sigma_i > 1e-6 sqrt(n_A)}',
    meaning:
      'Number of singular values above 1e-6 sqrt(majority_samples), kept between the bounds that are proved of it',
    of: ({ solution }) => solution.rank,
  },
  {
    name: 'singular_values',
    type: 'list<float64>',
    nullable: true,
    unit: '1',
    range: '>= 0, descending',
    formula: 'sigma_i(Z D^(1/2)), i = 1..K',
    meaning: 'The K singular values of Z D^(1/2), Z = W H, D = diag(samples of each class)',
    of: ({ solution }) => solution.singularValues,
  },
  {
    name: 'contrasts',
    type: 'list<float64>',
    nullable: true,
    unit: '1',
    range: '>= 0',
    formula: "|C_j (Z D^(1/2))_jj C_j|_* / (k_j - 1), C_j = I - 11'/k_j",
    meaning:
      'Of each cluster the mean of the k_j - 1 singular values that its block of Z D^(1/2) has without its row and column means: sqrt(n_j) |z_own - z_other| where classes are exchangeable, 0 when they coincide; null for a cluster of one class',
    of: ({ solution }) => solution.contrasts,
  },
  {
    name: 'majority_contrast',
    type: 'float64',
    nullable: true,
    unit: '1',
    range: '>= 0',
    formula: 'contrasts[1]',
    meaning: 'contrasts of the first cluster',
    of: ({ solution }) => first(solution.contrasts),
  },
  {
    name: 'minority_contrast',
    type: 'float64',
    nullable: true,
    unit: '1',
    range: '>= 0',
    formula: 'contrasts[J]',
    meaning: 'contrasts of the last cluster',
    of: ({ solution }) => last(solution.contrasts),
  },
  {
    name: 'collapsed',
    type: 'list<bool>',
    nullable: true,
    unit: 'truth',
    range: 'true, false',
    formula: 'contrast of cluster j at the optimum = 0, j = 1..J',
    meaning:
      'Of each cluster whether its classes coincide at the optimum, proved by the certificate; null when it cannot decide and for a cluster of one class',
    of: ({ solution }) => solution.collapsed,
  },
  {
    name: 'majority_collapsed',
    type: 'bool',
    nullable: true,
    unit: 'truth',
    range: 'true, false',
    formula: 'collapsed[1]',
    meaning: 'collapsed of the first cluster',
    of: ({ solution }) => first(solution.collapsed),
  },
  {
    name: 'minority_collapsed',
    type: 'bool',
    nullable: true,
    unit: 'truth',
    range: 'true, false',
    formula: 'collapsed[J]',
    meaning: 'collapsed of the last cluster: minority collapse',
    of: ({ solution }) => last(solution.collapsed),
  },
  {
    name: 'mean_collapsed',
    type: 'bool',
    nullable: true,
    unit: 'truth',
    range: 'true, false',
    formula: 'block of means of Z D^(1/2) at the optimum = 0',
    meaning:
      'Whether the block between clusters is zero at the optimum, proved; null when undecided',
    of: ({ solution }) => solution.meanCollapsed,
  },
  ...sideColumns('w', 'rows of W', (solution) => ({
    cosines: solution.cosW,
    norms: solution.normW,
    etfDistance: solution.etfDistanceW,
    seliDistance: solution.seliDistanceW,
    orthogonalDistance: solution.orthogonalDistanceW,
  })),
  ...sideColumns('h', 'class means of the features', (solution) => ({
    cosines: solution.cosH,
    norms: solution.normH,
    etfDistance: solution.etfDistanceH,
    seliDistance: solution.seliDistanceH,
    orthogonalDistance: solution.orthogonalDistanceH,
  })),
  ...sideColumns('z', 'rows of Z = W H', (solution) => ({
    cosines: solution.cosZ,
    norms: solution.normZ,
    etfDistance: solution.etfDistanceZ,
    seliDistance: solution.seliDistanceZ,
    orthogonalDistance: solution.orthogonalDistanceZ,
  })),
  {
    name: 'self_duality_distance',
    type: 'float64',
    nullable: true,
    unit: '1',
    range: '0..2',
    formula: "|W / |W| - H' / |H||",
    meaning:
      'NC3: Frobenius norms, H the K class means of the features; 0 where the rows of W are in proportion to them; null where one of them is zero',
    of: ({ solution }) => solution.selfDualityDistance,
  },
  {
    name: 'bias',
    type: 'list<float64>',
    nullable: true,
    unit: '1',
    range: 'finite',
    formula: 'mean of b_k over cluster j, j = 1..J',
    meaning: 'Of each cluster the mean bias; null in a model without a bias',
    of: ({ solution }) => solution.bias,
  },
  {
    name: 'within_class_variability',
    type: 'float64',
    nullable: true,
    unit: '1',
    range: '>= 0',
    formula: 'tr(S_W) / tr(S_B)',
    meaning:
      'NC1 as tr(S_W) / tr(S_B) of the features as the solver left them; null for class means, which have none',
    of: ({ solution }) => solution.withinClassVariability,
  },
  {
    name: 'within_class_variability_pinv',
    type: 'float64',
    nullable: true,
    unit: '1',
    range: '>= 0',
    formula: 'tr(S_W pinv(S_B)) / K',
    meaning:
      'NC1 as tr(S_W pinv(S_B)) / K, pinv with rcond 1e-6; past a collapse S_B loses rank and this divides noise by noise',
    of: ({ solution }) => solution.withinClassVariabilityPinv,
  },
] as const satisfies readonly Column[];

interface Side {
  readonly cosines: CosineTable | null;
  readonly norms: readonly number[] | null;
  readonly etfDistance: number | null;
  readonly seliDistance: number | null;
  readonly orthogonalDistance: number | null;
}

/** The same quantities for each of W, H and Z. */
function sideColumns<const Letter extends 'w' | 'h' | 'z'>(
  letter: Letter,
  vectors: string,
  side: (solution: Solution) => Side,
) {
  const cosine = { type: 'float64', nullable: true, unit: '1', range: '-1..1' } as const;
  return [
    {
      name: `cos_${letter}`,
      type: 'list<float64>',
      nullable: true,
      unit: '1',
      range: '-1..1',
      formula:
        'mean of <v_k, v_l> / (|v_k| |v_l|), k in cluster i, l /= k in cluster j, i, j = 1..J',
      meaning: `Mean cosines between the ${vectors} of clusters i and j, different classes within a cluster: J x J, row by row; null for zero vectors and within a cluster of one class`,
      of: ({ solution }) => side(solution).cosines?.flat() ?? null,
    },
    {
      ...cosine,
      name: `cos_${letter}_majority`,
      formula: `cos_${letter}[1, 1]`,
      meaning: `Entry of cos_${letter} within the first cluster`,
      of: ({ solution }) => first(first(side(solution).cosines)),
    },
    {
      ...cosine,
      name: `cos_${letter}_across`,
      formula: `cos_${letter}[1, J]`,
      meaning: `Entry of cos_${letter} between the first and the last cluster; null when there is one only`,
      of: ({ solution }) => {
        const row = first(side(solution).cosines);
        return row === null || row.length < 2 ? null : last(row);
      },
    },
    {
      ...cosine,
      name: `cos_${letter}_minority`,
      formula: `cos_${letter}[J, J]`,
      meaning: `Entry of cos_${letter} within the last cluster`,
      of: ({ solution }) => last(last(side(solution).cosines)),
    },
    {
      name: `norm_${letter}`,
      type: 'list<float64>',
      nullable: true,
      unit: '1',
      range: '>= 0',
      formula: 'mean of |v_k| over cluster j, j = 1..J',
      meaning: `Of each cluster the mean Euclidean norm of its ${vectors}`,
      of: ({ solution }) => side(solution).norms,
    },
    {
      name: `etf_distance_${letter}`,
      type: 'float64',
      nullable: true,
      unit: '1',
      range: '0..2',
      formula: '|C G C / |C G C| - C / |C||',
      meaning: `Frobenius norms, C = I - 11'/K, G = (<v_k, v_l>) the Gram matrix of the ${vectors}; 0 is a simplex ETF; null where all are equal`,
      of: ({ solution }) => side(solution).etfDistance,
    },
    {
      name: `seli_distance_${letter}`,
      type: 'float64',
      nullable: true,
      unit: '1',
      range: '0..2',
      formula: '|G / |G| - S / |S||',
      meaning: `Frobenius norms, S the Gram matrix of the ${vectors} in the limit of vanishing regularization (SELI) with this bias; null where all are zero or that limit is not known`,
      of: ({ solution }) => side(solution).seliDistance,
    },
    {
      name: `orthogonal_distance_${letter}`,
      type: 'float64',
      nullable: true,
      unit: '1',
      range: '0..2',
      formula: '|G / |G| - I / |I||',
      meaning: `Frobenius norms; 0 where the ${vectors} have one length and are orthogonal; null where all are zero`,
      of: ({ solution }) => side(solution).orthogonalDistance,
    },
  ] as const satisfies readonly Column[];
}

function first<T>(values: readonly T[] | null): T | null {
  return values?.[0] ?? null;
}

function last<T>(values: readonly T[] | null): T | null {
  return values?.at(-1) ?? null;
}
