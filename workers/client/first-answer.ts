import { pause } from '../pause.js';

/** After these milliseconds without an answer the question is put once more. */
const ASK_AGAIN_AFTER_MS = [40, 60, 100, 200, 400, 800];

/**
 * The first answer to a question that is put again while it is open: a server that leaves one waiting for seconds
 * answers the next one at once. What comes of the others is dropped.
 *
 * @throws what the last question ended with, when none is answered
 */
export async function firstAnswer<T>(ask: () => Promise<T>): Promise<T> {
  const answered = new AbortController();
  const questions: Promise<T>[] = [];
  const put = (): void => {
    const question = ask();
    questions.push(question);
    question.then(
      () => {
        answered.abort();
      },
      () => undefined,
    );
  };
  put();
  for (const wait of ASK_AGAIN_AFTER_MS) {
    if (!(await pause(wait, answered.signal))) break;
    put();
  }
  return Promise.any(questions).catch((error: unknown) => {
    throw (error as AggregateError).errors.at(-1);
  });
}
