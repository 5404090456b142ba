import { say } from './element.js';
import { StudyList } from './list-view.js';
import { ServerError } from './server.js';
import { StudyView } from './study-view.js';
import { takeToken } from './token.js';
import type { View } from './view.js';

const EVERY_MS = 1000;
/** Nobody looks, but who comes back should not wait. */
const EVERY_MS_HIDDEN = 10_000;

const connection = document.querySelector<HTMLElement>('#connection')!;
takeToken();
const [, folder, name] = location.pathname.split('/');
const view: View =
  folder === 'studies' && name !== undefined
    ? new StudyView(decodeURIComponent(name))
    : new StudyList();
document.querySelector('#page')!.replaceChildren(view.root);
void follow();

/** Updates for as long as the page is open. Whatever ended, the server or the study, is asked again. */
async function follow(): Promise<never> {
  for (;;) {
    try {
      await view.update();
      connection.hidden = true;
    } catch (error) {
      say(connection, explain(error));
      connection.hidden = false;
    }
    await pause(document.hidden ? EVERY_MS_HIDDEN : EVERY_MS);
  }
}

function explain(error: unknown): string {
  if (error instanceof ServerError) return error.message;
  return 'No answer: ufm-sweep serve is not running, or is starting. What is below is from before; this page goes on by itself.';
}

/** Waits, or until somebody looks again. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    document.addEventListener('visibilitychange', done);
  });
}
