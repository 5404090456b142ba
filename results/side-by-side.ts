/** Enough to hide the latency of a remote store, few enough to keep the bytes of files in memory. */
const AT_ONCE = 16;

/** Does some work for each of many items, a few of them at a time. */
export async function sideBySide<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const workOn = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workOn));
}
