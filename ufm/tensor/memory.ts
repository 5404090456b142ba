import type { Instance } from '../../study/instance.js';
import { balance, shapeOf } from './balance.js';
import { layOut, paddedRows, vectorLength } from './layout.js';

/** What one batch may take on its device: half of what wasm can address. */
const MOST_BYTES = 2 ** 30;
const BYTES_OF_FLOAT32 = 4;
/** Tensors that live at once in a step, counted in `step.ts` and `objective.ts`, with one of each to spare. */
const VECTORS = 12;
const MATRICES_OF_LOGITS = 14;

/** Bytes that an instance takes in a batch, at most. */
export function bytesOf(instance: Instance): number {
  const layout = layOut(balance(instance));
  const floats =
    VECTORS * vectorLength(layout) + MATRICES_OF_LOGITS * paddedRows(layout) * layout.classes;
  return BYTES_OF_FLOAT32 * floats;
}

/** Places of the instances that go in one batch: of one shape, and within the memory unless one alone is beyond it. */
export function batchesInMemory(instances: readonly Instance[]): number[][] {
  const byShape = new Map<string, number[]>();
  instances.forEach((instance, place) => {
    const shape = shapeOf(instance);
    const places = byShape.get(shape);
    if (places === undefined) byShape.set(shape, [place]);
    else places.push(place);
  });
  return [...byShape.values()].flatMap((places) => {
    const size = Math.max(1, Math.floor(MOST_BYTES / bytesOf(instances[places[0]!]!)));
    const count = Math.ceil(places.length / size);
    return Array.from({ length: count }, (_, i) => places.slice(i * size, (i + 1) * size));
  });
}
