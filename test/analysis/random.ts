import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Reproducible draws for simulations. */
export interface Draws {
  /** Uniform in (0, 1). */
  readonly uniform: () => number;
  /** Standard normal (Box & Muller). */
  readonly normal: () => number;
}

export function draws(seed: number): Draws {
  const generator = xoroshiro128plus(seed);
  const uniform = (): number => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
