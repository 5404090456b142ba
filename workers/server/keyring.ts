/** Which keys the payloads of studies are encrypted with. */
export const VARIABLE = 'UFM_ENCRYPTION_KEYS';
/** Whether they have to be. */
export const POLICY_VARIABLE = 'UFM_ENCRYPTION';

const KEY_BYTES = 32;

/** Keys of AES-256 by their ids. The first encrypts, all decrypt: so that keys can be changed while studies run. */
export type Keyring = ReadonlyMap<string, Buffer>;

/** The keys are not what they have to be, or not those that something was encrypted with. */
export class EncryptionError extends Error {
  override readonly name = 'EncryptionError';
}

/**
 * The keys of the environment; none when the variable is not set or empty.
 *
 * @param text comma-separated `id:key`, each key 32 bytes in base64
 * @throws EncryptionError that never shows a key
 */
export function readKeyring(text: string | undefined = process.env[VARIABLE]): Keyring {
  const keyring = new Map<string, Buffer>();
  const entries = (text ?? '').split(',').map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    if (entry === '' && entries.length === 1) break;
    const [, id, encoded] = /^([\w.-]+):([A-Za-z\d+/]+=*)$/.exec(entry) ?? [];
    const key = Buffer.from(encoded ?? '', 'base64');
    if (id === undefined || key.length !== KEY_BYTES) {
      throw new EncryptionError(
        `${VARIABLE}: entry ${index + 1} is not \`id:key\` with a key of ${KEY_BYTES} bytes in base64. ` +
          'A new key: openssl rand -base64 32',
      );
    }
    if (keyring.has(id)) throw new EncryptionError(`${VARIABLE}: two keys have the id ${id}`);
    keyring.set(id, key);
  }
  return keyring;
}

/**
 * Whether this process refuses what is not encrypted, or not bound to its workflow.
 *
 * @param text `required`, or nothing
 * @throws EncryptionError when it says something else, or there is no key to encrypt with
 */
export function isEncryptionRequired(
  keyring: Keyring,
  text: string | undefined = process.env[POLICY_VARIABLE],
): boolean {
  if (!text) return false;
  if (text !== 'required') {
    throw new EncryptionError(`${POLICY_VARIABLE} is ${text}: it can be \`required\`, or not set`);
  }
  if (keyring.size > 0) return true;
  throw new EncryptionError(`${POLICY_VARIABLE} requires encryption, and ${VARIABLE} has no key`);
}
