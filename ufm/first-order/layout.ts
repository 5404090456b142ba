/** Where things lie in the vector of one instance's variables, [W^T (d x K) | beta (K) | G (rows x d)]. */
export interface Layout {
  readonly classes: number;
  readonly features: number;
  readonly rows: number;
  /** Where the bias and the features begin, and where the variables end; an engine may pad its vectors from there. */
  readonly biasOffset: number;
  readonly featureOffset: number;
  readonly end: number;
}

export function layOut(shape: Pick<Layout, 'classes' | 'features' | 'rows'>): Layout {
  const { classes, features, rows } = shape;
  const biasOffset = features * classes;
  const featureOffset = biasOffset + classes;
  const end = featureOffset + rows * features;
  return { classes, features, rows, biasOffset, featureOffset, end };
}
