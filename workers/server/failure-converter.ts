import { DefaultFailureConverter } from '@temporalio/common';

/** Puts messages and stacks of failures into payloads, for a codec to encrypt: they name studies and folders. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
