import { readFile, stat } from 'node:fs/promises';
import { LARGEST_TEXT } from '../study/document.js';
import { formatProblems, parseStudy } from '../study/parse.js';
import type { Study } from '../study/study.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';

/** A study file that was read and holds no mistake. */
export interface StudyFile {
  readonly text: string;
  readonly study: Study;
}

/**
 * Reads a study file.
 *
 * @throws Failure (bad usage) with every mistake of the file, a line each: `file:line:column: path: message`.
 */
export async function readStudyFile(path: string): Promise<StudyFile> {
  const text = await readText(path);
  const parsed = parseStudy(text, path);
  if (parsed.ok) return { text, study: parsed.study };
  const count = parsed.problems.length;
  throw new Failure(
    `${formatProblems(path, parsed.problems)}\n${count} ${count === 1 ? 'problem' : 'problems'} in ${path}; nothing was run`,
    EXIT.badUsage,
  );
}

async function readText(path: string): Promise<string> {
  try {
    // A character of UTF-8 has four bytes at most; what is larger is refused unread.
    const { size } = await stat(path);
    if (size > 4 * LARGEST_TEXT) throw new Error(`it has ${size} bytes, and no study file has`);
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new Failure(
      `cannot read the study ${path}: ${reason}. \`ufm-sweep init\` writes one to start from`,
      EXIT.badUsage,
    );
  }
}
