import type { Command } from 'commander';

/**
 * The options with which a command was started, each as it has to be typed again and with a space before it; those of
 * the environment and the defaults stay as they are.
 *
 * @param except flags, such as `--yes`, that are left out
 */
export function givenOptions(command: Command, ...except: string[]): string {
  const words = command.options.flatMap((option) => {
    const name = option.attributeName();
    const isGiven = command.getOptionValueSource(name) === 'cli';
    if (!isGiven || except.includes(option.long!)) return [];
    const value: unknown = command.getOptionValue(name);
    return value === true ? [option.long!] : [option.long!, shellWord(String(value))];
  });
  return words.map((word) => ` ${word}`).join('');
}

/** A word as a POSIX shell reads it. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
