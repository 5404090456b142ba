import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { figureReader } from '../analysis/report/script.js';
import { answerApi, errorAnswer, type Answer } from './answers.js';
import { refusalOf } from './guard.js';
import { LiveStudies } from './live-studies.js';
import { readPageRecord, writePageRecord } from './page-record.js';
import { CONTENT_SECURITY_POLICY, SHELL } from './shell.js';

const HOST = '127.0.0.1';

export interface PageOptions {
  /** Absolute folder or URL of the store. */
  readonly store: string;
  /** Of a Temporal server; null for the configured one, or that of a `run` under way. */
  readonly address: string | null;
  /** Null for the port of the last time, or else a free one. */
  readonly port: number | null;
}

/** The live page of a store, being served. */
export interface LivePage {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly port: number;
  readonly token: string;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/**
 * Serves the live page of a store to the browsers of this machine.
 *
 * @throws Error with code EADDRINUSE or EACCES when the port that was asked for is not to be had
 */
export async function startLivePage({ store, address, port }: PageOptions): Promise<LivePage> {
  const record = await readPageRecord(store);
  const studies = new LiveStudies(store, address);
  const files = pageFiles();
  const server = createServer((request, response) => {
    void answer(request, record.token, studies, files).then((found) => {
      send(response, found, request.method === 'HEAD');
    });
  });
  try {
    const listening = await listen(server, port, record.port);
    // A store that cannot be written to gets a new token each time.
    await writePageRecord(store, { port: listening, token: record.token }).catch(() => undefined);
    return {
      origin: `http://${HOST}:${listening}`,
      port: listening,
      token: record.token,
      async close() {
        server.close();
        server.closeAllConnections();
        await studies.close();
      },
    };
  } catch (error) {
    await studies.close();
    throw error;
  }
}

async function answer(
  { method = '', url = '', rawHeaders }: IncomingMessage,
  token: string,
  studies: LiveStudies,
  files: ReadonlyMap<string, Answer>,
): Promise<Answer> {
  const refusal = refusalOf({ method, target: url, rawHeaders }, token);
  if (refusal !== null) return errorAnswer(refusal.status, refusal.message);
  const [target = ''] = url.split('?');
  if (target.startsWith('/api/')) {
    try {
      return await answerApi(studies, method, target);
    } catch (error) {
      return errorAnswer(500, (error as Error).message);
    }
  }
  const isPage = target === '/' || /^\/studies\/[^/]+$/.test(target);
  return files.get(isPage ? '/' : target) ?? errorAnswer(404, 'There is nothing here.');
}

function send(response: ServerResponse, { status, type, body }: Answer, headOnly: boolean): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    ...(status === 405 && { Allow: 'GET, HEAD, POST' }),
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
  });
  response.end(headOnly ? undefined : body);
}

/** Every file of the page by its path, read once: no request is ever turned into a path of the file system. */
function pageFiles(): Map<string, Answer> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('#live-page'));
  const scripts = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name): [string, string] => [name, readFileSync(path.join(folder, name), 'utf8')]);
  return new Map([
    ['/', { status: 200, type: 'text/html; charset=utf-8', body: SHELL }],
    ...[...scripts, ['figure-reader.js', figureReader()] as const].map(
      ([name, body]): [string, Answer] => [
        `/assets/${name}`,
        { status: 200, type: 'text/javascript; charset=utf-8', body },
      ],
    ),
  ]);
}

/** Listens where it was asked to, or else where it did the last time, or else anywhere. */
async function listen(server: Server, wanted: number | null, last: number | null): Promise<number> {
  if (wanted !== null) return listenOn(server, wanted);
  try {
    return await listenOn(server, last ?? 0);
  } catch (error) {
    if (last === null) throw error;
    return listenOn(server, 0);
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
