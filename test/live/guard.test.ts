import { describe, expect, it } from 'vitest';
import { refusalOf, type RequestHead } from '../../live/guard.js';

const TOKEN = 'k4fT-token';
const PAGE = 'http://127.0.0.1:7000';

/** The status of a refusal, or null: a request of the page itself unless something is said otherwise. */
function statusOf(
  change: Partial<Omit<RequestHead, 'rawHeaders'>> & {
    readonly headers?: Readonly<Record<string, string | null>>;
    readonly more?: readonly string[];
  } = {},
): number | null {
  const { headers, more = [], ...head } = change;
  const all: Record<string, string | null> = {
    Host: '127.0.0.1:7000',
    Authorization: `Bearer ${TOKEN}`,
    ...headers,
  };
  const rawHeaders = [
    ...Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [name, value])),
    ...more,
  ];
  const sent = { method: 'GET', target: '/api/studies', rawHeaders, ...head };
  return refusalOf(sent, TOKEN)?.status ?? null;
}

describe('the guard of the live page', () => {
  it('lets the page and who has the token in', () => {
    expect(statusOf()).toBeNull();
    expect(
      statusOf({ method: 'POST', headers: { Origin: PAGE, 'Sec-Fetch-Site': 'same-origin' } }),
    ).toBeNull();
    expect(
      statusOf({ headers: { Host: 'localhost:9999', Origin: 'http://localhost:9999' } }),
    ).toBeNull();
  });

  it.each([
    ['evil.example'],
    ['evil.example:7000'],
    ['127.0.0.1.evil.example:7000'],
    ['localhost.evil.example'],
    ['evil.example#127.0.0.1'],
    ['user@127.0.0.1:7000'],
    ['[::1]:7000'],
    ['0.0.0.0:7000'],
    [''],
  ])('refuses a name that was made to lead here: %s', (host) => {
    expect(statusOf({ headers: { Host: host } })).toBe(403);
    expect(statusOf({ target: '/', headers: { Host: host } })).toBe(403);
    expect(statusOf({ target: '/', headers: { Host: host, Origin: `http://${host}` } })).toBe(403);
  });

  it('refuses a request with no host, or two', () => {
    expect(statusOf({ headers: { Host: null } })).toBe(403);
    expect(statusOf({ more: ['host', 'evil.example'] })).toBe(403);
  });

  it.each([
    ['http://evil.example'],
    ['http://127.0.0.1:7001'],
    ['http://localhost:7000'],
    ['https://127.0.0.1:7000'],
    ['null'],
  ])('refuses another origin, token or not: %s', (origin) => {
    for (const method of ['GET', 'POST']) {
      expect(statusOf({ method, headers: { Origin: origin } })).toBe(403);
    }
    expect(statusOf({ target: '/', headers: { Origin: origin } })).toBe(403);
  });

  it.each([['cross-site'], ['same-site']])('refuses what another site asks for: %s', (site) => {
    expect(statusOf({ headers: { 'Sec-Fetch-Site': site } })).toBe(403);
  });

  it('opens the page, which holds no data, from a link anywhere', () => {
    const headers = { Authorization: null, 'Sec-Fetch-Site': 'cross-site' };
    expect(statusOf({ target: '/studies/first', headers })).toBeNull();
  });

  it.each([
    [null],
    [''],
    [TOKEN],
    ['Bearer'],
    [`Bearer ${TOKEN} `],
    [`Bearer ${TOKEN.toUpperCase()}`],
    [`Bearer ${TOKEN.slice(0, -1)}`],
    [`bearer ${TOKEN}`],
  ])('tells nothing and does nothing without the token: %s', (authorization) => {
    for (const method of ['GET', 'HEAD', 'POST']) {
      expect(statusOf({ method, headers: { Authorization: authorization } })).toBe(401);
    }
  });

  it('takes no token from the address, where it would be written down', () => {
    const headers = { Authorization: null };
    expect(statusOf({ target: `/api/studies?token=${TOKEN}`, headers })).toBe(401);
  });

  it.each([['PUT'], ['DELETE'], ['OPTIONS'], ['TRACE'], ['PATCH'], ['CONNECT']])(
    'refuses the method %s',
    (method) => {
      expect(statusOf({ method })).toBe(405);
    },
  );

  it('refuses to post to anything but the API', () => {
    expect(statusOf({ method: 'POST', target: '/' })).toBe(405);
    expect(statusOf({ method: 'POST', target: '/studies/first' })).toBe(405);
  });

  it.each([['http://evil.example/api/studies'], ['*'], ['']])('refuses the target %s', (target) => {
    expect(statusOf({ target })).toBe(400);
  });
});
