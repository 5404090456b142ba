import { Command, InvalidArgumentError } from 'commander';
import { startLivePage, type LivePage } from '../live/page-server.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { storeOrNothing } from './known-store.js';
import { addressOption, jsonOption, storeOption } from './options.js';
import { note, print, printJson } from './output.js';
import { stopRequest } from './stop-request.js';
import { findStudy } from './study-name.js';
import type { ServerOptions } from './study-server.js';

interface ServeOptions extends ServerOptions {
  readonly port?: number;
  readonly json: boolean;
}

/** `ufm-sweep serve [NAME]`: the report as a live page in the browser, until Ctrl-C. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('show studies live in the browser: progress, report, pause, resume, cancel')
    .argument(
      '[name]',
      'study to open, or NAME@HASH for a version of it (default: the list of all)',
    )
    .option(
      '--port <port>',
      'port on 127.0.0.1 (default: that of the last time, or else a free one)',
      portNumber,
    )
    .addOption(storeOption())
    .addOption(addressOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nThe link holds a token: who has it may read and control the studies of the store.',
    )
    .action(async (name: string | undefined, options: ServeOptions) => {
      const { url: store } = await storeOrNothing(options.store);
      if (name !== undefined) await findStudy(options.store, name);
      const stop = stopRequest(() => undefined);
      const page = await start({ ...options, store });
      const path = name === undefined ? '/' : `/studies/${encodeURIComponent(name)}`;
      const url = `${page.origin}${path}#token=${page.token}`;
      if (options.json) printJson({ url, token: page.token, port: page.port });
      else {
        print(url);
        note('Open it in a browser of this machine. Ctrl-C ends it; studies go on.');
      }
      await requested(stop);
      await page.close();
    });
}

async function start({ store, address, port }: ServeOptions): Promise<LivePage> {
  try {
    return await startLivePage({
      store,
      address: address ?? null,
      port: port ?? null,
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const reason = code === 'EACCES' ? 'is not for everybody' : 'is taken';
    throw new Failure(
      `port ${port!} ${reason}: give another --port, or none for a free one`,
      EXIT.badUsage,
    );
  }
}

function requested(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => {
      resolve();
    });
  });
}

function portNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) {
    throw new InvalidArgumentError('Not a port: a whole number from 0 (a free one) to 65535.');
  }
  return value;
}
