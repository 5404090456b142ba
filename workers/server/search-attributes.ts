import { ServiceError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/names.js';
import { GRPC, hasGrpcCode } from './grpc-code.js';

/** The name of a study, on its workflow. */
export const STUDY_ATTRIBUTE = defineSearchAttributeKey('UfmStudy', SearchAttributeType.KEYWORD);

/**
 * Starts what carries the search attributes of studies: with them, or without where the namespace does not have them, or
 * has only just got them and does not know them yet; what starts later has them.
 *
 * @param start gets whether there are attributes
 */
export async function withSearchAttributes<T>(
  client: Client,
  start: (searchable: boolean) => Promise<T>,
): Promise<T> {
  const searchable = await provideSearchAttributes(client);
  try {
    return await start(searchable);
  } catch (error) {
    if (!searchable || !isRefused(error)) throw error;
    return start(false);
  }
}

/** Whether the namespace has the search attributes of studies, once they were added where that is allowed. */
async function provideSearchAttributes({ connection, options }: Client): Promise<boolean> {
  const { operatorService } = connection;
  const { namespace } = options;
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = SEARCH_ATTRIBUTES.filter(({ name }) => !(name in customAttributes));
    if (missing.length > 0) {
      const searchAttributes = Object.fromEntries(
        missing.map(({ name, type }) => [name, encodeSearchAttributeIndexedValueType(type)!]),
      );
      await operatorService.addSearchAttributes({ namespace, searchAttributes });
    }
    return true;
  } catch {
    // Temporal Cloud and careful administrators do not let a client look or add; studies run without as well.
    return false;
  }
}

/** Whether a server does not know an attribute, as for up to a minute after it was added. */
function isRefused(error: unknown): boolean {
  return error instanceof ServiceError && hasGrpcCode(error.cause, GRPC.invalidArgument);
}
