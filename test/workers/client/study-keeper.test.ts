import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { StudyKeeper } from '../../../workers/client/study-keeper.js';
import { openServer } from '../../../workers/server/server-access.js';
import { temporaryFolder } from '../../cli/command.js';
import { ownServer } from '../../own-server.js';

it('looks after many stores without a listener more for each call', async () => {
  const warnings: string[] = [];
  const heed = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', heed);
  onTestFinished(() => void process.off('warning', heed));
  const { address } = await ownServer(await temporaryFolder());
  const list = Array.from({ length: 12 }, (_, i) => {
    return { id: randomUUID().replaceAll('-', ''), url: `/stores/${i}` };
  });
  const notices: string[] = [];
  const onNotice = (line: string): void => void notices.push(line);
  const keeper = await StudyKeeper.start(openServer(address), { list, onNotice });
  await keeper.close();
  // A warning comes with the next turn of the event loop.
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
  expect(notices).toEqual([]);
});
