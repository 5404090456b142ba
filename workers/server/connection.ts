import { Client, Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { dataConverter } from './encryption.js';
import { GRPC, hasGrpcCode } from './grpc-code.js';
import { channelArguments } from './proxy.js';
import type { ServerAccess } from './server-access.js';
import { clientTracing } from '../tracing/tracing.js';

/**
 * For starting workflows and asking them. Close its `connection` at the end.
 *
 * @throws Error when nothing answers, or there is no such namespace; EncryptionError when the environment has keys that
 *   are none
 */
export async function connectClient(access: ServerAccess): Promise<Client> {
  const converter = dataConverter('client');
  const { address, tls, apiKey, metadata } = access.connection;
  const connecting = Connection.connect({
    address: address!,
    tls: tls ?? null,
    channelArgs: channelArguments(address!),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  });
  const connected = await usable(connecting, access);
  return new Client({
    connection: connected,
    namespace: access.namespace,
    dataConverter: converter,
    ...clientTracing(),
  });
}

/**
 * A connection that is being made, once it is known to lead somewhere.
 *
 * @throws Error when nothing answers, or there is no such namespace
 */
export async function usable<C extends Connection | NativeConnection>(
  connecting: Promise<C>,
  access: ServerAccess,
): Promise<C> {
  const connected = await explained(access.connection.address!, connecting);
  await requireNamespace(connected, access);
  return connected;
}

/** Closes the connection where the server does not have the namespace. */
export async function requireNamespace(
  connected: Connection | NativeConnection,
  { connection, namespace }: ServerAccess,
): Promise<void> {
  try {
    await connected.workflowService.describeNamespace({ namespace });
  } catch (error) {
    await connected.close();
    if (!hasGrpcCode(error, GRPC.notFound)) throw error;
    throw new Error(
      `The Temporal server at ${connection.address!} has no namespace ${namespace}. Make it ` +
        `(temporal operator namespace create --namespace ${namespace}), or mend TEMPORAL_NAMESPACE`,
      { cause: error },
    );
  }
}

/** Says what to look at where no connection comes about. */
export async function explained<T>(address: string, connecting: Promise<T>): Promise<T> {
  try {
    return await connecting;
  } catch (error) {
    throw new Error(
      `No Temporal server answers at ${address}. Is it running, and are TLS and API key what it wants? ` +
        'See TEMPORAL_ADDRESS and --address.',
      { cause: error },
    );
  }
}
