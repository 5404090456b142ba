import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDrawings } from '../../cli/figures-folder.js';
import { temporaryFolder } from './command.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><g class="alone"></g></svg>';
const page = (file: string) => `<figure>${SVG}<button data-file="${file}"></button></figure>`;

describe('the folder of figures beside a page', () => {
  it('loses the drawings of an earlier report, and nothing of anybody else', async () => {
    const folder = await temporaryFolder();
    const report = path.join(folder, 'report.html');
    const figures = path.join(folder, 'out-figures');
    await writeFile(report, page('old.svg'));
    await writeDrawings(report, path.join(folder, 'out.html'));
    await writeFile(path.join(figures, '01-mine.svg'), '<svg>mine</svg>');
    await writeFile(path.join(figures, 'notes.txt'), 'mine');
    const target = path.join(folder, 'target.svg');
    await writeFile(target, SVG);
    await symlink(target, path.join(figures, '02-link.svg'));
    await writeFile(report, page('new.svg'));
    await writeDrawings(report, path.join(folder, 'out.html'));
    expect((await readdir(figures)).sort()).toEqual(['01-mine.svg', '01-new.svg', '02-link.svg', 'notes.txt']); // prettier-ignore
    expect(await readFile(path.join(figures, '01-mine.svg'), 'utf8')).toBe('<svg>mine</svg>');
    expect(await readFile(target, 'utf8')).toBe(SVG);
  });

  it('may be no link', async () => {
    const folder = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await symlink(elsewhere, path.join(folder, 'out-figures'));
    const report = path.join(folder, 'report.html');
    await writeFile(report, page('new.svg'));
    await expect(writeDrawings(report, path.join(folder, 'out.html'))).rejects.toMatchObject({ exitCode: 2 }); // prettier-ignore
    expect(await readdir(elsewhere)).toEqual([]);
  });
});
