import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../../../analysis/report/page.js';
import { ufmSweep } from '../../cli/command.js';
import { BROWSER, startBrowser } from '../../live/browser.js';
import { HOSTILE, hostileReport } from './hostile-report.js';

/** Curves, a map of phases, laws, limits and angles, in a second of solving. */
const STUDY = `
version: 1
name: shown
defaults: { classes: 4, majorityClasses: 2 }
grids:
  - name: phases
    minoritySamples: 25
    imbalanceRatio: [2, 3, 4, 5, 6]
    lambda: { from: 0.005, to: 0.06, points: 12 }
    locate: { along: lambda, tolerance: 0.01 }
  - name: samples
    majoritySamples: { from: 100, to: 1e5, points: 8, scale: log }
    imbalanceRatio: 2
    lambdaTimesN: 0.1
    fitLimit: { along: majoritySamples }
solver: { kind: exact, tolerance: 1e-9 }
`;

let browser: Browser;
let context: BrowserContext;
let folder: string;
let report: string;
let figures: string;
let asked: string[] = [];
let complaints: string[] = [];

if (BROWSER === undefined) console.log('The report is not tested: no Chromium on the PATH.');

describe.skipIf(BROWSER === undefined)('the report in a browser', () => {
  beforeAll(async () => {
    browser = await startBrowser();
    folder = await mkdtemp(path.join(tmpdir(), 'ufm-report-'));
    await writeFile(path.join(folder, 'study.yaml'), STUDY);
    const run = await ufmSweep(['run', 'study.yaml', '--engine', 'local'], { cwd: folder });
    expect(run).toMatchObject({ exitCode: 0 });
    const { stdout } = await ufmSweep(['report', 'shown', '--out', 'shown.html', '--json'], {
      cwd: folder,
    });
    const written = JSON.parse(stdout) as { report: string; figures: string };
    report = path.join(folder, written.report);
    figures = path.join(folder, written.figures);
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => context.close());

  it('asks for nothing but itself, and its policy stops nothing of its own', async () => {
    const page = await open(report);
    expect(await page.locator('figure').count()).toBeGreaterThan(10);
    expect(asked).toEqual([pathToFileURL(report).href]);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('fits a phone, %s', async (colorScheme) => {
    const page = await open(report, { viewport: { width: 360, height: 740 }, colorScheme });
    const [width, room] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, innerWidth]',
    );
    expect(width).toBeLessThanOrEqual(room);
    // Letters of a drawing shrink with it.
    const [scale] = await page.evaluate<number[]>(
      `[...document.querySelectorAll('figure > svg')].map((svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)`,
    );
    expect(13 * scale!).toBeGreaterThanOrEqual(10);
  });

  it('has no white of the day in the dark', async () => {
    const page = await open(report, { colorScheme: 'dark' });
    const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(Math.max(...channels(paper))).toBeLessThan(64);
    const fills = await page.evaluate<string[]>(`
      [...document.querySelectorAll('figure > svg > :not(.alone), figure > svg > :not(.alone) *')]
        .map((mark) => getComputedStyle(mark).fill)`);
    expect(fills.length).toBeGreaterThan(100);
    expect(fills.filter((fill) => Math.min(...channels(fill)) > 240)).toEqual([]);
  });

  it('shows the row of the mark that the mouse is near, and hides it again', async () => {
    const page = await open(report);
    const curves = figure(page, 'phases: imbalanceRatio=2');
    await curves.scrollIntoViewIfNeeded();
    const mark = curves.locator('svg circle').first();
    const box = (await mark.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2 + 5, box.y + box.height / 2 - 3);
    await readout(page).waitFor();
    expect(await readout(page).innerText()).toBe(await mark.locator('title').textContent());
    expect(await readout(page).innerText()).toMatch(
      /^lambda 0\.005.*\nminority-collapse: not collapsed\nsingular value [\d.]+\nrelative gap .*\npoint [0-9a-f]+$/,
    );
    await page.mouse.move(5, 5);
    await readout(page).waitFor({ state: 'hidden' });
  });

  it('shows the phase, contrast, gap and key of a cell of a map', async () => {
    const page = await open(report);
    const map = figure(page, 'phases: phases');
    await map.scrollIntoViewIfNeeded();
    const cells = map.locator('svg rect', { hasText: 'imbalanceRatio 2\nno collapse' });
    const box = (await cells.first().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await readout(page).waitFor();
    expect(await readout(page).innerText()).toMatch(
      /^lambda [\d.]+\nimbalanceRatio 2\nno collapse\nminority contrast [\d.]+\nrelative gap .*\npoint [0-9a-f]+$/,
    );
  });

  it('walks through the marks of a figure by the arrow keys', async () => {
    const page = await open(report);
    const curves = figure(page, 'phases: imbalanceRatio=2');
    const titles = await curves.locator('svg title').allTextContents();
    // Focus as the keyboard gives it.
    await page.keyboard.press('Tab');
    await curves.locator('svg[tabindex]').focus();
    expect(await readout(page).innerText()).toBe(titles[0]);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await readout(page).innerText()).toBe(titles[2]);
    await page.keyboard.press('ArrowLeft');
    expect(await readout(page).innerText()).toBe(titles[1]);
    await page.keyboard.press('End');
    expect(await readout(page).innerText()).toBe(titles.at(-1));
    await page.keyboard.press('Escape');
    expect(await readout(page).isHidden()).toBe(true);
  });

  it('shows the row of a mark that a finger taps beside, within the screen', async () => {
    const page = await open(report, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const curves = figure(page, 'phases: imbalanceRatio=2');
    await curves.scrollIntoViewIfNeeded();
    const box = (await curves.locator('svg circle').first().boundingBox())!;
    await page.touchscreen.tap(box.x - 8, box.y - 8);
    await readout(page).waitFor();
    const shown = (await readout(page).boundingBox())!;
    expect(shown.x).toBeGreaterThanOrEqual(0);
    expect(shown.x + shown.width).toBeLessThanOrEqual(360);
    expect(await readout(page).innerText()).toContain('minority-collapse');
  });

  it('gives away what a figure shows as CSV', async () => {
    const page = await open(report);
    const curves = figure(page, 'phases: imbalanceRatio=2');
    const { name, text } = await saved(page, curves.getByRole('link', { name: 'CSV' }));
    expect(name).toBe('phases-imbalanceRatio=2.csv');
    const [header, ...rows] = text.trimEnd().split('\r\n');
    expect(header).toBe('lambda,transition,order_parameter,collapsed,seed,relative_gap,point_key');
    const drawn = await curves.locator('svg title').allTextContents();
    expect(rows.length).toBe(drawn.length);
    const keys = rows.map((row) => row.split(',').at(-1));
    // Undecided points are drawn after the others.
    const marked = drawn.map((title) => /point (\w+)$/.exec(title)![1]);
    expect([...keys].sort()).toEqual(marked.sort());
  });

  it('saves the drawing that lies in the folder beside it', async () => {
    const page = await open(report);
    const map = figure(page, 'phases: phases');
    const { name, text } = await saved(page, map.getByRole('button', { name: 'SVG' }));
    expect(name).toBe('phases-phases.svg');
    const file = (await readdir(figures)).find((each) => each.endsWith(`-${name}`))!;
    const same = await page.evaluate<boolean>(`(() => {
      const [a, b] = ${JSON.stringify([text, await readFile(path.join(figures, file), 'utf8')])}
        .map((svg) => new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement);
      b.setAttribute('data-whole', a.getAttribute('data-whole'));
      return a.isEqualNode(b);
    })()`);
    expect(same).toBe(true);
  });

  it('has drawings that are whole on white, without the page', async () => {
    const page = await open(report, { colorScheme: 'dark' });
    for (const file of await readdir(figures)) {
      await page.goto(pathToFileURL(path.join(figures, file)).href);
      const [root, corner] = await page.evaluate<[string, string]>(`[
        document.documentElement.nodeName,
        document.querySelector('.alone rect').getAttribute('fill'),
      ]`);
      expect([root, corner]).toEqual(['svg', '#fff']);
      // Nothing of the title or the legend is cut off.
      const inside = await page.evaluate<boolean>(`(() => {
        const room = document.querySelector('.alone rect').getBoundingClientRect();
        return [...document.querySelectorAll('.alone text')].every((text) => {
          const box = text.getBoundingClientRect();
          return box.left >= room.left && box.right <= room.right && box.top >= room.top;
        });
      })()`);
      expect(inside, file).toBe(true);
    }
    expect(complaints).toEqual([]);
  });

  it('tells series apart by shape, without colour', async () => {
    const page = await open(report);
    const shapes = await page.evaluate<string[][]>(
      `[...document.querySelectorAll('.legend')].map((legend) => [...legend.querySelectorAll('li')].map((entry) => entry.querySelector('path, rect').getAttribute('d') ?? 'shade'))`,
    );
    expect(shapes.length).toBeGreaterThan(5);
    for (const legend of shapes) expect(new Set(legend).size).toBe(legend.length);
  });

  it('prints without what only a screen needs', async () => {
    const page = await open(report);
    await page.emulateMedia({ media: 'print' });
    for (const what of ['nav', '.hint', '.downloads', '#readout', '#ring']) {
      expect(await page.locator(what).first().isHidden(), what).toBe(true);
    }
    expect(await page.locator('figure > svg').first().isVisible()).toBe(true);
  });

  it('shows hostile names as text, in rows as well', async () => {
    const file = path.join(folder, 'hostile.html');
    await writeFile(file, reportPage(hostileReport()));
    const page = await open(file);
    expect(await page.locator('h1').innerText()).toBe(HOSTILE);
    const mark = page.locator('figure > svg circle').first();
    await mark.scrollIntoViewIfNeeded();
    const box = (await mark.boundingBox())!;
    await page.mouse.move(box.x + 1, box.y + 1);
    await readout(page).waitFor();
    expect(await readout(page).innerText()).toContain(HOSTILE);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

async function open(file: string, options: BrowserContextOptions = {}): Promise<Page> {
  context = await browser.newContext({ acceptDownloads: true, ...options });
  asked = [];
  complaints = [];
  const page = await context.newPage();
  await context.route('**', (route) => {
    asked.push(route.request().url());
    return route.continue();
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(pathToFileURL(file).href);
  return page;
}

function figure(page: Page, title: string): Locator {
  return page.locator('figure', { has: page.locator(`h3:text-is("${title}")`) });
}

function readout(page: Page): Locator {
  return page.locator('#readout');
}

/** What a click saves: the name of the file, and its text. */
async function saved(page: Page, button: Locator): Promise<{ name: string; text: string }> {
  const coming = page.waitForEvent('download');
  await button.click();
  const download = await coming;
  return {
    name: download.suggestedFilename(),
    text: await readFile(await download.path(), 'utf8'),
  };
}

function channels(color: string): number[] {
  return (color.match(/\d+/g) ?? [0]).map(Number);
}
