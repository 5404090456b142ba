import { createRequire } from 'node:module';
import {
  defaultPayloadConverter,
  type DataConverter,
  type Payload,
  type PayloadCodec,
  type SerializationContext,
} from '@temporalio/common';
import type { RefusedInput } from '../../workflows/study-input.js';
import {
  EncryptionError,
  isEncryptionRequired,
  POLICY_VARIABLE,
  readKeyring,
  VARIABLE,
  type Keyring,
} from './keyring.js';
import {
  associatedData,
  decrypt,
  encrypt,
  ENCODING,
  KEY_CHECK,
  keyCheck,
} from './sealed-payload.js';

/** A payload that must not be believed, whoever looks at it: another process would not find it better. */
class RefusedPayload extends EncryptionError {}

/**
 * What comes of a payload that is refused: an error; or, of one for a workflow, a word on it in its place. A server tries the
 * task of a workflow again for ever where its worker meets an error, whereas the workflow fails by itself when it finds that
 * word as its input.
 */
export type OnRefused = 'throw' | 'replace';

/**
 * What stands between this program and a Temporal server. Without keys nothing is encrypted, and what is encrypted is
 * met with an error that says so.
 *
 * @throws EncryptionError when the environment has keys that are none, or requires keys that it has not
 */
export function dataConverter(side: 'client' | 'worker'): DataConverter {
  const keyring = readKeyring();
  const onRefused = side === 'worker' ? 'replace' : 'throw';
  return {
    payloadCodecs: [new EncryptionCodec(keyring, isEncryptionRequired(keyring), onRefused)],
    ...(keyring.size > 0 && {
      failureConverterPath: createRequire(import.meta.url).resolve('#failure-converter'),
    }),
  };
}

/**
 * Encrypts payloads with AES-256-GCM: nonce, ciphertext and tag, with the id of the key in the metadata. The key's id, the
 * namespace and the id of the workflow are authenticated with it, so that what is moved to another workflow is none there.
 *
 * Unless encryption is required, two kinds pass that do not say whose they are: what is not encrypted, as of studies that
 * were started without, and what an early version encrypted, which bound it to no workflow.
 */
export class EncryptionCodec implements PayloadCodec {
  readonly #keyring: Keyring;
  readonly #required: boolean;
  readonly #onRefused: OnRefused;

  constructor(keyring: Keyring, required: boolean, onRefused: OnRefused) {
    this.#keyring = keyring;
    this.#required = required;
    this.#onRefused = onRefused;
  }

  encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    const [first] = this.#keyring;
    if (first === undefined) return Promise.resolve(payloads);
    const [id, key] = first;
    const sealed = payloads.map((payload) => encrypt(payload, id, key, context));
    return Promise.resolve(sealed);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws has to be a rejection
  async decode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    return payloads.map((payload) => {
      try {
        return this.#open(payload, context);
      } catch (error) {
        const replaces = this.#onRefused === 'replace' && context?.type === 'workflow';
        if (!replaces || !(error instanceof RefusedPayload)) throw error;
        const { message: refused } = error;
        return defaultPayloadConverter.toPayload({ refused } satisfies RefusedInput);
      }
    });
  }

  #open(payload: Payload, context: SerializationContext | undefined): Payload {
    const metadata = new Map(
      Object.entries(payload.metadata ?? {}).map(([name, bytes]) => [name, textOf(bytes)]),
    );
    if (metadata.get('encoding') !== ENCODING) {
      if (!this.#required) return payload;
      throw new RefusedPayload(`this is not encrypted, which ${POLICY_VARIABLE}=required refuses`);
    }
    const id = metadata.get('encryption-key-id') ?? '';
    const key = this.#keyring.get(id);
    if (key === undefined) {
      throw new EncryptionError(
        `this is encrypted with the key ${id}, which ${VARIABLE} does not have. Give it to every process of the study`,
      );
    }
    const check = metadata.get(KEY_CHECK);
    if (check !== undefined) {
      if (check !== keyCheck(key)) throw new EncryptionError(`this was encrypted with another key of the id ${id} than ${VARIABLE} has`); // prettier-ignore
      try {
        return decrypt(payload, key, associatedData(id, context));
      } catch (cause) {
        const message = 'this was encrypted for another workflow, or somebody has changed it since';
        throw new RefusedPayload(message, { cause });
      }
    }
    if (this.#required) {
      throw new RefusedPayload(
        `this was encrypted by a version of ufm-sweep that bound nothing to its workflow, which ${POLICY_VARIABLE}=required refuses`,
      );
    }
    try {
      return decrypt(payload, key, Buffer.from(id));
    } catch (cause) {
      const message = `this was encrypted with another key of the id ${id} than ${VARIABLE} has, or somebody has changed it since`;
      throw new EncryptionError(message, { cause });
    }
  }
}

const textOf = (bytes: Uint8Array | null | undefined): string =>
  Buffer.from(bytes ?? new Uint8Array()).toString();
