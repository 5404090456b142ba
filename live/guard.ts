import { createHash, timingSafeEqual } from 'node:crypto';

/** What decides whether a request is answered. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Names and values by turns, as they were sent; see `rawHeaders` of Node's requests. */
  readonly rawHeaders: readonly string[];
}

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 405;
  readonly message: string;
}

/** A name that another site made lead here (DNS rebinding) is none of these. Any port: a tunnel has its own. */
const HOST_NAMES = ['127.0.0.1', 'localhost'];

const READING = ['GET', 'HEAD'];

/**
 * Whether a request comes from this page, or from somebody who was given the token.
 *
 * The `Host` must be this machine, the `Origin`, where a browser sends one, the page's own, and everything below
 * `/api/` wants the token, as `Authorization: Bearer <token>`: no other site can send that, and no link holds it.
 *
 * @returns null when it may be answered
 */
export function refusalOf(head: RequestHead, token: string): Refusal | null {
  const hosts = valuesOf(head, 'host');
  const [host] = hosts;
  if (hosts.length !== 1 || !HOST_NAMES.includes(host!.replace(/:\d+$/, '').toLowerCase())) {
    return refused(403, 'This page answers to 127.0.0.1 and localhost only.');
  }
  const origins = valuesOf(head, 'origin');
  if (origins.some((origin) => origin !== `http://${host!}`)) {
    return refused(403, 'Other sites may not speak with this page.');
  }
  if (!head.target.startsWith('/')) return refused(400, 'The request names no path.');
  const isApi = head.target.startsWith('/api/');
  if (isApi && valuesOf(head, 'sec-fetch-site').some((site) => !isOwn(site))) {
    return refused(403, 'Other sites may not speak with this page.');
  }
  if (!READING.includes(head.method) && !(isApi && head.method === 'POST')) {
    return refused(405, `${head.method} is not understood here.`);
  }
  if (isApi && !hasToken(head, token)) {
    return refused(
      401,
      'The token is missing or wrong: open the link that ufm-sweep serve printed.',
    );
  }
  return null;
}

function isOwn(fetchSite: string): boolean {
  return fetchSite === 'same-origin' || fetchSite === 'none';
}

function hasToken(head: RequestHead, token: string): boolean {
  const [authorization = ''] = valuesOf(head, 'authorization');
  // Digests have one length, so the comparison tells nothing by the time it takes.
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function valuesOf({ rawHeaders }: RequestHead, name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name);
}

function refused(status: Refusal['status'], message: string): Refusal {
  return { status, message };
}
