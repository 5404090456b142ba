import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The folders in the order in which the data flows. A file may import from its own folder and from those that
 * its row names; everything else is an arrow that points the wrong way.
 */
const mayImport = {
  study: [],
  ufm: ['study'],
  results: ['study', 'ufm'],
  analysis: ['study', 'ufm', 'results'],
  workflows: ['study'],
  activities: ['study', 'ufm', 'results', 'analysis'],
  workers: ['study', 'ufm', 'results', 'activities', 'workflows', 'infra'],
  live: ['study', 'results', 'analysis', 'workflows', 'workers'],
  infra: [],
};

// What people start sits on top of all of it.
mayImport.cli = Object.keys(mayImport);
mayImport.benchmarks = Object.keys(mayImport);
mayImport.paper = Object.keys(mayImport);

const folders = Object.keys(mayImport);
const zones = Object.entries(mayImport)
  .map(([folder, allowed]) => ({
    target: `./${folder}`,
    from: folders
      .filter((other) => other !== folder && !allowed.includes(other))
      .map((other) => `./${other}`),
    message: `${folder}/ may import only from: ${allowed.join(', ') || 'nothing'}.`,
  }))
  .filter(({ from }) => from.length > 0);

export default tseslint.config(
  { ignores: ['dist/**', '.tools/**', 'node_modules/**', 'ufm-results/**', '**/*.js', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts'] } } },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // The loops of the solvers index typed arrays within bounds that they set themselves.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
    },
  },
  {
    // Workflow code is replayed: it sees pure modules, the workflow API, and activities as types only.
    files: ['workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*'], message: 'Workflow code is deterministic: no Node modules.' },
            {
              group: ['../activities/*'],
              allowTypeImports: true,
              message: 'Activities are types here.',
            },
          ],
        },
      ],
    },
  },
);
