import { ServiceError, type Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { withSearchAttributes } from '../../../workers/server/search-attributes.js';
import { SEARCH_ATTRIBUTES } from '../../../workflows/names.js';

const INVALID_ARGUMENT = 3;
const UNAVAILABLE = 14;

/** A client of a namespace, as far as this is concerned. */
function clientOf(known: readonly string[], mayLook = true): { client: Client; added: string[] } {
  const added: string[] = [];
  const operatorService = {
    listSearchAttributes: () =>
      mayLook
        ? Promise.resolve({ customAttributes: Object.fromEntries(known.map((name) => [name, 2])) })
        : Promise.reject(new Error('PERMISSION_DENIED')),
    addSearchAttributes: ({ searchAttributes }: { searchAttributes: object }) => {
      added.push(...Object.keys(searchAttributes));
      return Promise.resolve({});
    },
  };
  const client = { connection: { operatorService }, options: { namespace: 'default' } };
  return { client: client as unknown as Client, added };
}

/** What the SDK throws when a server answers with a code. */
function refusal(code: number): ServiceError {
  const cause = Object.assign(new Error('refused'), { code, details: '', metadata: {} });
  return new ServiceError('refused', { cause });
}

const all = SEARCH_ATTRIBUTES.map(({ name }) => name);

describe('what carries search attributes', () => {
  it('starts with them where the namespace has them', async () => {
    const { client, added } = clientOf(all);
    expect(await withSearchAttributes(client, (searchable) => Promise.resolve(searchable))).toBe(
      true,
    );
    expect(added).toEqual([]);
  });

  it('adds those that are missing', async () => {
    const { client, added } = clientOf(['UfmStudy']);
    expect(await withSearchAttributes(client, (searchable) => Promise.resolve(searchable))).toBe(
      true,
    );
    expect(added).toEqual(all.slice(1));
  });

  it('starts without where a client may not look', async () => {
    const { client } = clientOf(all, false);
    expect(await withSearchAttributes(client, (searchable) => Promise.resolve(searchable))).toBe(
      false,
    );
  });

  it('starts without where the server has just learnt them and does not know them yet', async () => {
    const asked: boolean[] = [];
    const start = (searchable: boolean): Promise<string> => {
      asked.push(searchable);
      return searchable ? Promise.reject(refusal(INVALID_ARGUMENT)) : Promise.resolve('started');
    };
    expect(await withSearchAttributes(clientOf([]).client, start)).toBe('started');
    expect(asked).toEqual([true, false]);
  });

  it.each([
    ['another reason', true, UNAVAILABLE],
    ['the same reason without them', false, INVALID_ARGUMENT],
  ])('does not start again when it is refused for %s', async (_, mayLook, code) => {
    let starts = 0;
    const start = (): Promise<never> => {
      starts += 1;
      return Promise.reject(refusal(code));
    };
    await expect(withSearchAttributes(clientOf(all, mayLook).client, start)).rejects.toThrow(
      'refused',
    );
    expect(starts).toBe(1);
  });
});
