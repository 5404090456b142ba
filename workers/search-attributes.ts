import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { SEARCH_ATTRIBUTES } from '../workflows/names.js';

/** The name of a study, on its workflow. */
export const STUDY_ATTRIBUTE = defineSearchAttributeKey('UfmStudy', SearchAttributeType.KEYWORD);

/** INVALID_ARGUMENT of gRPC, whose enumeration is no dependency of this program. */
const INVALID_ARGUMENT = 3;

/** Whether the namespace has the search attributes of studies, once they were added where that is allowed. */
export async function provideSearchAttributes({ connection, options }: Client): Promise<boolean> {
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
export function isRefused(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : null;
  return isGrpcServiceError(cause) && (cause.code as number) === INVALID_ARGUMENT;
}
