import type { ErrorAnswer } from '../messages.js';
import { takeToken } from './token.js';

/** A server that is busy with a large study still answers within this. */
const ANSWERS_WITHIN_MS = 15_000;

/** An answer that is none: the server refused, or could not do what was asked. */
export class ServerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ServerError';
  }
}

/** Asks the server for a document. */
export async function ask<T>(path: string, method: 'GET' | 'POST' = 'GET'): Promise<T> {
  return (await (await request(path, method)).json()) as T;
}

/** Asks the server for a text. */
export async function askForText(path: string): Promise<string> {
  return (await request(path, 'GET')).text();
}

/**
 * @throws ServerError when the server refuses; another error when it does not answer
 */
async function request(path: string, method: string): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: { Authorization: `Bearer ${takeToken()}` },
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  if (response.ok) return response;
  const { error } = (await response.json()) as ErrorAnswer;
  throw new ServerError(response.status, error);
}
