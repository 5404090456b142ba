import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LONG_POINTS, longStudy } from '../activities/long-study.js';
import { projectFile } from '../cli/command.js';
import { endProcess } from '../end-process.js';
import { BROWSER, startBrowser } from './browser.js';

const ALL = LONG_POINTS.toLocaleString('en');
const COMPLETE = `${ALL} points of ${ALL} solved with a certificate`;

const HOSTILE = '<img src=x onerror=document.title=1>';

interface Served {
  readonly url: string;
  readonly token: string;
  readonly port: number;
}

let browser: Browser;
let context: BrowserContext;
let folder: string;
let page: Page;
let processes: ChildProcess[] = [];
let complaints: string[] = [];

if (BROWSER === undefined) console.log('The live page is not tested: no Chromium on the PATH.');

describe.skipIf(BROWSER === undefined)('the live page in a browser', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ufm-live-'));
    await writeFile(path.join(folder, 'study.yaml'), longStudy());
    context = await browser.newContext();
    context.setDefaultTimeout(60_000);
    page = await context.newPage();
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A browser says of its own accord when a server does not answer.
      if (message.type() === 'error' && !message.text().includes('ERR_CONNECTION_REFUSED')) {
        complaints.push(message.text());
      }
    });
  });
  afterEach(async () => {
    await context.close();
    // As Ctrl-C does: a server that one has started ends with it.
    await Promise.all(processes.map((process) => endProcess(process, 'SIGINT')));
    processes = [];
    await rm(folder, { recursive: true, force: true });
  });

  it('fills in while a study runs, pauses and resumes it, and outlives its server', async () => {
    command('run', 'study.yaml', '--threads', '1');
    const first = command('serve', '--json');
    const { url, port, token } = await served(first);
    // The study is saved by its run: until then it is not in the list.
    await page.goto(url);
    await page.getByRole('link', { name: 'long' }).click();
    await waitForState('running');
    expect(page.url()).not.toContain(token);

    await pauseInTheMiddle();
    const paused = await pointsDone();
    await page.getByText(/^Partial: /).waitFor();
    await page.locator('figure svg').first().waitFor();
    const partial = await page.locator('main').innerHTML();
    await page.getByRole('button', { name: 'Resume' }).click();
    await waitForState('running');
    await until(async () => (await pointsDone()) > paused);

    process.kill(first.pid!, 'SIGKILL');
    await page.getByText('ufm-sweep serve is not running').waitFor();
    expect(await served(command('serve', '--json'))).toMatchObject({ port, token });
    await page.locator('#connection').waitFor({ state: 'hidden' });

    await waitForState('done');
    await page.getByText(COMPLETE).waitFor();
    expect(await pointsDone()).toBe(LONG_POINTS);
    expect(await page.locator('main').innerHTML()).not.toBe(partial);
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    expect(complaints).toEqual([]);
  }, 180_000);

  it('cancels a study when that is confirmed, and not otherwise', async () => {
    command('run', 'study.yaml', '--threads', '1');
    await page.goto((await served(command('serve', '--json'))).url);
    await page.getByRole('link', { name: 'long' }).click();
    await waitForState('running');
    page.once('dialog', (dialog) => void dialog.dismiss());
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await waitForState('paused');
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('What has landed is shown').waitFor();
    expect(await page.getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
  }, 180_000);

  it('follows a run of the local engine, whose buttons say why they do nothing', async () => {
    command('run', 'study.yaml', '--engine', 'local');
    await page.goto((await served(command('serve', '--json'))).url);
    await page.getByRole('link', { name: 'long' }).click();
    await page.getByText('runs the study without a Temporal server').waitFor();
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    await waitForState('done');
    await page.getByText(COMPLETE).waitFor();
    expect(complaints).toEqual([]);
  }, 180_000);

  it('fits a phone, in the dark as well', async () => {
    await writeFile(path.join(folder, 'study.yaml'), longStudy(2));
    const run = command('run', 'study.yaml', '--engine', 'local');
    await once(run, 'exit');
    expect(run.exitCode).toBe(0);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto((await served(command('serve', 'long', '--json'))).url);
    await page.locator('figure svg').first().waitFor();
    const [width, room] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, innerWidth]',
    );
    expect(width).toBeLessThanOrEqual(room);
    const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const channels = paper.match(/\d+/g)!.map(Number);
    expect(Math.max(...channels)).toBeLessThan(64);
  }, 120_000);

  it('shows the name of a hostile study as text', async () => {
    const hostile = path.join(folder, 'ufm-results/studies', HOSTILE);
    await mkdir(hostile, { recursive: true });
    await writeFile(path.join(hostile, 'latest'), '0000');
    await page.goto((await served(command('serve', '--json'))).url);
    await page.getByRole('link', { name: HOSTILE }).click();
    await page.getByRole('heading', { name: HOSTILE }).waitFor();
    await page.locator('#connection').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).not.toBe('1');
  });

  it('tells another site nothing', async () => {
    const { port } = await served(command('serve', '--json'));
    const evil = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<title>evil</title>');
    }).listen(0, '127.0.0.1');
    await once(evil, 'listening');
    try {
      await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}`);
      const attempt = (target: string): Promise<string> =>
        page.evaluate<string>(`fetch(${JSON.stringify(target)}, { method: 'POST',
          headers: { Authorization: 'Bearer x' } }).then((r) => 'answer ' + r.status, () => 'refused')`);
      expect(await attempt(`http://127.0.0.1:${port}/api/studies/long/cancel`)).toBe('refused');
      const framed = page.evaluate<string>(`new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = 'http://127.0.0.1:${port}/';
        frame.onload = () => { try { resolve(frame.contentDocument ? 'own' : 'closed'); } catch { resolve('closed'); } };
        document.body.append(frame);
      })`);
      expect(await framed).toBe('closed');
    } finally {
      evil.close();
      evil.closeAllConnections();
    }
  });

  it('asks for the link when it has no token', async () => {
    const { url } = await served(command('serve', '--json'));
    await page.goto(url.replace(/#.*/, ''));
    await page.getByText('open the link that ufm-sweep serve printed').waitFor();
  });
});

function command(...commandArguments: string[]): ChildProcess {
  const child = spawn(process.execPath, [projectFile('dist/cli/main.js'), ...commandArguments], {
    cwd: folder,
    env: { ...process.env, TEMPORAL_ADDRESS: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  processes.push(child);
  return child;
}

/** The document that `serve --json` prints when it is ready. */
async function served(child: ChildProcess): Promise<Served> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.trimEnd().endsWith('}')) break;
  }
  return JSON.parse(text) as Served;
}

/** Pauses a study that runs, once or more often: a pause while it was being planned leaves nothing to look at. */
async function pauseInTheMiddle(): Promise<void> {
  for (;;) {
    await page.getByRole('button', { name: 'Pause' }).click();
    await waitForState('paused');
    await page.getByText(/, 0 in flight/).waitFor();
    if ((await pointsDone()) > 0) return;
    await page.getByRole('button', { name: 'Resume' }).click();
    await waitForState('running');
  }
}

function waitForState(state: string): Promise<void> {
  return page.locator('h1 .state', { hasText: state }).waitFor({ timeout: 120_000 });
}

async function pointsDone(): Promise<number> {
  const text = await page.locator('dt:text-is("Points") + dd').innerText();
  // Thousands stand apart.
  return Number.parseInt(text.replaceAll(',', ''), 10);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 60_000 }).toBe(true);
}
