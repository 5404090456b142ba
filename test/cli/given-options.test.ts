import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { withDriveOptions } from '../../cli/drive.js';
import { givenOptions, shellWord } from '../../cli/given-options.js';
import { yesOption } from '../../cli/options.js';

function parsed(...words: string[]): Command {
  const command = withDriveOptions(new Command('run').argument('<study>').addOption(yesOption()));
  return command.parse(['study.yaml', ...words], { from: 'user' });
}

describe('the options with which a command was started', () => {
  it('are none where none was given, whatever the defaults are', () => {
    expect(givenOptions(parsed())).toBe('');
  });

  it('are all that were given, ready to be typed again', () => {
    const command = parsed('--yes', '--queue', 'gpu', '--store', 'my results', '--threads=2');
    expect(givenOptions(command)).toBe(" --yes --store 'my results' --threads 2 --queue gpu");
    expect(givenOptions(command, '--yes')).toBe(" --store 'my results' --threads 2 --queue gpu");
  });

  it('do not hold what the environment says', () => {
    process.env['TEMPORAL_ADDRESS'] = 'somewhere:7233';
    try {
      expect(givenOptions(parsed('--json'))).toBe(' --json');
    } finally {
      delete process.env['TEMPORAL_ADDRESS'];
    }
  });

  it.each([
    ['s3://bucket/prefix', 's3://bucket/prefix'],
    ['', "''"],
    ["it's", String.raw`'it'\''s'`],
    ['$HOME', "'$HOME'"],
  ])('are quoted where a shell would read something else: %s', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });
});
