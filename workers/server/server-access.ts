import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnection } from '@temporalio/worker';

type ConnectionOptions = NonNullable<Parameters<typeof NativeConnection.connect>[0]>;

/** Where a Temporal server is, and how to be let in. */
export interface ServerAccess {
  readonly connection: ConnectionOptions;
  readonly namespace: string;
}

/**
 * The server that this machine is configured for, by Temporal's own environment configuration: `TEMPORAL_ADDRESS`,
 * `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_*`, or a profile of its configuration file.
 *
 * @param address goes before what is configured, the rest of which still counts
 * @returns null when there is neither an address given nor one configured
 * @throws Error when the configuration cannot be read
 */
export function configuredServer(address: string | null): ServerAccess | null {
  const { connectionOptions, namespace } = loadClientConnectConfig({
    overrideEnvVars: setVariables(),
  });
  // The option `--address` is empty where the variable that it stands for is.
  const chosen = [address, connectionOptions.address].find(Boolean);
  if (!chosen) return null;
  return {
    connection: { ...connectionOptions, address: chosen },
    namespace: namespace ?? 'default',
  };
}

/** The environment without empty variables, which count as not set: an empty API key would ask for TLS. */
function setVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

/** A server that lets in everybody, such as the embedded one. */
export function openServer(address: string): ServerAccess {
  return { connection: { address }, namespace: 'default' };
}
