import type { LiveStudies } from './live-studies.js';
import type { ErrorAnswer, StudyPage } from './messages.js';
import { ACTIONS, type Action } from './study-monitor.js';

/** What is sent back. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

type StudyQuestion = (studies: LiveStudies, name: string) => Promise<Answer>;

/**
 * Answers a request below `/api/` that has passed the guard.
 *
 * @param path without its query
 */
export async function answerApi(
  studies: LiveStudies,
  method: string,
  path: string,
): Promise<Answer> {
  const segments = segmentsOf(path);
  if (segments === null) return unknown();
  const [name, rest, ...more] = segments;
  if (name === undefined) return method === 'POST' ? unknown() : listStudies(studies);
  const question = more.length > 0 ? undefined : questionOf(method, rest);
  return question === undefined ? unknown() : question(studies, name);
}

export function errorAnswer(status: number, error: string): Answer {
  return json({ error } satisfies ErrorAnswer, status);
}

/** What follows `/api/studies`, decoded; null when the path is another one. */
function segmentsOf(path: string): string[] | null {
  const [, api, studies, ...rest] = path.split('/');
  if (api !== 'api' || studies !== 'studies') return null;
  try {
    return rest.map(decodeURIComponent);
  } catch {
    return null;
  }
}

function questionOf(method: string, rest: string | undefined): StudyQuestion | undefined {
  if (method === 'POST') {
    const action = ACTIONS.find((each) => each === rest);
    return action === undefined ? undefined : (studies, name) => act(studies, name, action);
  }
  if (rest === undefined) return showStudy;
  return rest === 'report' ? showReport : undefined;
}

async function listStudies(studies: LiveStudies): Promise<Answer> {
  return json(await studies.list());
}

const showStudy: StudyQuestion = async (studies, name) => {
  const monitor = await studies.find(name);
  if (monitor === null) return noStudy(studies, name);
  const { status, landed } = await monitor.follow();
  const { uncontrollable } = await monitor.run();
  const page: StudyPage = {
    status,
    uncontrollable: status.state === 'done' ? 'The study is done.' : uncontrollable,
    report: landed?.version ?? null,
  };
  return json(page);
};

/** As text, so that no browser shows it by itself: the page takes it apart and shows it under its own policy. */
const showReport: StudyQuestion = async (studies, name) => {
  const monitor = await studies.find(name);
  if (monitor === null) return noStudy(studies, name);
  const { html } = await monitor.landed();
  return { status: 200, type: 'text/plain; charset=utf-8', body: html };
};

async function act(studies: LiveStudies, name: string, action: Action): Promise<Answer> {
  const monitor = await studies.find(name);
  if (monitor === null) return noStudy(studies, name);
  const { uncontrollable } = await monitor.run();
  if (uncontrollable !== null) return errorAnswer(409, uncontrollable);
  await monitor.act(action);
  return json({ name, action }, 202);
}

function noStudy(studies: LiveStudies, name: string): Answer {
  return errorAnswer(404, `The store ${studies.store.url} has no study ${name}.`);
}

function unknown(): Answer {
  return errorAnswer(404, 'There is nothing here.');
}

function json(document: unknown, status = 200): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(document) };
}
