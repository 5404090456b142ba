import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Payload, SerializationContext } from '@temporalio/common';
import protocol from '@temporalio/proto';

export const ENCODING = 'binary/encrypted';
/** Tells two keys of one id apart. What early versions encrypted has none, and is bound to no workflow. */
export const KEY_CHECK = 'encryption-key-check';
/** NIST SP 800-38D: 96 bits, random, for at most 2^32 payloads a key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/**
 * What the server appends to the id of each workflow that a schedule starts: their inputs are encrypted once, when the
 * schedule is made, for all of them.
 */
const TIME_OF_SCHEDULE = /(\/scheduled)-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const { Payload: PayloadMessage } = protocol.temporal.api.common.v1;

/** @throws Error when it was not encrypted with this key and with this associated data, or was changed */
export function decrypt({ data }: Payload, key: Buffer, associated: Buffer): Payload {
  const sealed = data ?? new Uint8Array();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associated).setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
  return PayloadMessage.decode(Buffer.concat([plain, decipher.final()]));
}

/** Encrypts a payload for a workflow, with a key of this id. */
export function encrypt(
  payload: Payload,
  id: string,
  key: Buffer,
  context: SerializationContext | undefined,
): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(id, context));
  const sealed = [
    nonce,
    cipher.update(PayloadMessage.encode(payload).finish()),
    cipher.final(),
    cipher.getAuthTag(),
  ];
  return {
    metadata: {
      encoding: Buffer.from(ENCODING),
      'encryption-key-id': Buffer.from(id),
      [KEY_CHECK]: Buffer.from(keyCheck(key)),
    },
    data: Buffer.concat(sealed),
  };
}

/** What a payload is bound to: the key, and the workflow that it belongs to, or whose activity it does. */
export function associatedData(keyId: string, context: SerializationContext | undefined): Buffer {
  const { namespace = '', workflowId = '' } = context ?? {};
  return Buffer.from(
    JSON.stringify([keyId, namespace, workflowId.replace(TIME_OF_SCHEDULE, '$1')]),
  );
}

/** Of HMAC-SHA256, eight bytes: says nothing of the key but whether it is the same. */
export function keyCheck(key: Buffer): string {
  return createHmac('sha256', key).update('ufm-sweep key check').digest('hex').slice(0, 16);
}
