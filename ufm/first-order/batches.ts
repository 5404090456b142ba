import type { Instance } from '../../study/instance.js';
import { balance, shapeOf } from './balance.js';
import type { Engine } from './engine.js';

/** Places of the instances that go in one batch: of one shape, and within the memory unless one alone is beyond it. */
export function batchesInMemory(
  instances: readonly Instance[],
  { mostBytes, bytesOf }: Engine,
): number[][] {
  const byShape = new Map<string, number[]>();
  instances.forEach((instance, place) => {
    const shape = shapeOf(instance);
    const places = byShape.get(shape);
    if (places === undefined) byShape.set(shape, [place]);
    else places.push(place);
  });
  return [...byShape.values()].flatMap((places) => {
    const size = Math.max(1, Math.floor(mostBytes / bytesOf(balance(instances[places[0]!]!))));
    const count = Math.ceil(places.length / size);
    return Array.from({ length: count }, (_, i) => places.slice(i * size, (i + 1) * size));
  });
}
