import { openStore } from '../results/open-store.js';
import { claimStore, NotAStore, storeId } from '../results/store-identity.js';
import type { Store } from '../results/store.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';

/** What workers are told of a store: one that they find from any folder. */
export function storeAddress(url: string): string {
  return openStore(url).url;
}

/**
 * The store that a command reads.
 *
 * @throws Failure (bad usage) where there is none, or something else
 */
export async function storeToRead(url: string): Promise<Store> {
  const store = openStore(url);
  if ((await inWords(storeId(store))) !== null) return store;
  throw new Failure(
    `there is no store at ${url} yet: \`ufm-sweep run STUDY --store ${url}\` makes one`,
    EXIT.badUsage,
  );
}

/**
 * The store that a command only looks into for what may be there: an empty place is one without anything.
 *
 * @throws Failure (bad usage) where there is something else
 */
export async function storeOrNothing(url: string): Promise<Store> {
  const store = openStore(url);
  await inWords(storeId(store));
  return store;
}

/**
 * The store that a command writes to, made where there is nothing.
 *
 * @throws Failure (bad usage) where there is something else
 */
export async function storeToWrite(url: string): Promise<Store> {
  const store = openStore(url);
  await inWords(claimStore(store));
  return store;
}

async function inWords<T>(looking: Promise<T>): Promise<T> {
  return looking.catch((error: unknown) => {
    throw error instanceof NotAStore ? new Failure(error.message, EXIT.badUsage) : error;
  });
}
