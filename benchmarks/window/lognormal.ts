import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Lognormal numbers by the method of Box and Muller (1958), doi:10.1214/aoms/1177706645.
 *
 * @param sigma standard deviation of the logarithm
 */
export function lognormal(count: number, median: number, sigma: number, seed: number): number[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
    const normal = radius * Math.cos(2 * Math.PI * uniformFloat64(generator));
    return median * Math.exp(sigma * normal);
  });
}
