import type { Instance } from '../../study/instance.js';
import { balance, shapeOf } from './balance.js';
import type { Engine } from './engine.js';

/** The places of instances of equal shape, shape by shape. */
export function groupByShape(instances: readonly Instance[]): number[][] {
  const byShape = new Map<string, number[]>();
  instances.forEach((instance, place) => {
    const shape = shapeOf(instance);
    const places = byShape.get(shape);
    if (places === undefined) byShape.set(shape, [place]);
    else places.push(place);
  });
  return [...byShape.values()];
}

/** Cuts instances of one shape into batches within the memory of an engine, or of one that alone is beyond it. */
export function cutToMemory(
  instances: readonly Instance[],
  { mostBytes, bytesOf }: Engine,
): Instance[][] {
  const size = Math.max(1, Math.floor(mostBytes / bytesOf(balance(instances[0]!))));
  const count = Math.ceil(instances.length / size);
  return Array.from({ length: count }, (_, i) => instances.slice(i * size, (i + 1) * size));
}
