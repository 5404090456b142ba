import { afterEach, describe, expect, it, vi } from 'vitest';
import { configuredServer } from '../../../workers/server/server-access.js';

const VARIABLES = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
];

function configure(environment: Readonly<Record<string, string>>): void {
  for (const name of [...VARIABLES, 'TEMPORAL_TLS', 'TEMPORAL_PROFILE']) vi.stubEnv(name, undefined); // prettier-ignore
  vi.stubEnv('TEMPORAL_CONFIG_FILE', '/nowhere/temporal.toml');
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the server that is configured', () => {
  it('is none where nothing says where one is', () => {
    configure({});
    expect(configuredServer(null)).toBeNull();
    expect(configuredServer('')).toBeNull();
  });

  it('is the one given before the one of the environment, with what else is configured', () => {
    configure({ TEMPORAL_ADDRESS: 'there:1', TEMPORAL_NAMESPACE: 'mine' });
    expect(configuredServer(null)).toMatchObject({ connection: { address: 'there:1' } });
    expect(configuredServer('here:2')).toMatchObject({
      connection: { address: 'here:2' },
      namespace: 'mine',
    });
  });

  it('is reached over TLS with an API key', () => {
    configure({ TEMPORAL_API_KEY: 'key' });
    expect(configuredServer('here:1')!.connection).toMatchObject({ apiKey: 'key', tls: true });
  });

  it('takes an empty variable for one that is not set', () => {
    configure(Object.fromEntries(VARIABLES.map((name) => [name, ''])));
    expect(configuredServer(null)).toBeNull();
    const { connection, namespace } = configuredServer('here:1')!;
    expect(namespace).toBe('default');
    expect(connection.tls).toBeUndefined();
    expect(connection.apiKey).toBeUndefined();
  });
});
