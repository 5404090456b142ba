import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import protocol from '@temporalio/proto';

const VARIABLE = 'UFM_ENCRYPTION_KEYS';
const ENCODING = 'binary/encrypted';
const KEY_BYTES = 32;
/** NIST SP 800-38D: 96 bits, random, for at most 2^32 payloads a key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const { Payload: PayloadMessage } = protocol.temporal.api.common.v1;

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
 * What stands between this program and a Temporal server. Without keys nothing is encrypted, and what is encrypted is
 * met with an error that says so.
 */
export function dataConverter(keyring: Keyring = readKeyring()): DataConverter {
  return {
    payloadCodecs: [new EncryptionCodec(keyring)],
    ...(keyring.size > 0 && {
      failureConverterPath: createRequire(import.meta.url).resolve('#failure-converter'),
    }),
  };
}

/**
 * Encrypts payloads with AES-256-GCM: nonce, ciphertext and tag, with the id of the key in the metadata and
 * authenticated. What is not encrypted passes, such as the payloads of studies that were started without.
 */
export class EncryptionCodec implements PayloadCodec {
  readonly #keyring: Keyring;

  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    const [first] = this.#keyring;
    if (first === undefined) return Promise.resolve(payloads);
    const [id, key] = first;
    return Promise.resolve(payloads.map((payload) => encrypt(payload, id, key)));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws has to be a rejection
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      textOf(payload.metadata?.['encoding']) === ENCODING ? this.#decrypt(payload) : payload,
    );
  }

  #decrypt({ metadata, data }: Payload): Payload {
    const id = textOf(metadata?.['encryption-key-id']);
    const key = this.#keyring.get(id);
    if (key === undefined) {
      throw new EncryptionError(
        `this is encrypted with the key ${id}, which ${VARIABLE} does not have. Give it to every process of the study`,
      );
    }
    const sealed = data ?? new Uint8Array();
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(id)).setAuthTag(sealed.subarray(-TAG_BYTES));
      const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      return PayloadMessage.decode(Buffer.concat([plain, decipher.final()]));
    } catch (error) {
      throw new EncryptionError(
        `this was encrypted with another key of the id ${id} than ${VARIABLE} has, or somebody has changed it since`,
        { cause: error },
      );
    }
  }
}

function encrypt(payload: Payload, id: string, key: Buffer): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(id));
  const sealed = [
    nonce,
    cipher.update(PayloadMessage.encode(payload).finish()),
    cipher.final(),
    cipher.getAuthTag(),
  ];
  return {
    metadata: { encoding: Buffer.from(ENCODING), 'encryption-key-id': Buffer.from(id) },
    data: Buffer.concat(sealed),
  };
}

const textOf = (bytes: Uint8Array | null | undefined): string =>
  Buffer.from(bytes ?? new Uint8Array()).toString();
