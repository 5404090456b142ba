import { Command } from 'commander';
import { studyJsonSchema } from '../study/schema.js';
import { printJson } from './output.js';

/** `ufm-sweep schema`: what editors need to complete and check study files. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of study files, for completion in editors')
    .action(() => {
      printJson(studyJsonSchema());
    });
}
