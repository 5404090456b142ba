import { isGrpcServiceError } from '@temporalio/client';

/** Status codes of gRPC, whose enumeration is no dependency of this program. */
export const GRPC = { invalidArgument: 3, notFound: 5 } as const;

/** Whether a call to a server has failed with a code. */
export function hasGrpcCode(error: unknown, code: (typeof GRPC)[keyof typeof GRPC]): boolean {
  return isGrpcServiceError(error) && (error.code as number) === code;
}
