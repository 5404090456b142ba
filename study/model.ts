/**
 * Which model an instance is of, where it is not cross entropy of a learned classifier under penalties. What is absent is as in
 * that model, so that equal problems have equal keys. There is one of these at a time; see `misfitOf`.
 */
export interface Model {
  /** 1/(2N) sum_k sum_i |W h_ki + b - t_k|^2 in place of the mean cross entropy; absent is cross entropy. */
  readonly loss?: 'squared-error';
  /** H >= 0, as a ReLU leaves features; absent is features of any sign. */
  readonly features?: 'nonnegative';
  /** W is a simplex ETF, sqrt(K/(K-1)) (I - 11'/K), and lambdaW is 0; absent is a classifier that is learned. */
  readonly classifier?: 'fixed-etf';
  /**
   * E_W, > 0, and E_H beside it: |W|^2 <= K E_W and 1/n_k sum_i |h_ki|^2, summed over the classes, <= K E_H, in place of
   * penalties, whose weights are 0 (Fang et al., arXiv:2101.12699).
   */
  readonly boundW?: number;
  /** E_H, > 0. */
  readonly boundH?: number;
}
