import { createRequire } from 'node:module';
import { beforeEach } from 'vitest';

/** Set-up of the project that runs on native TensorFlow: skips its tests where that was not built. */
const isBuilt = () => {
  try {
    createRequire(import.meta.url).resolve('#native-tensorflow');
    return true;
  } catch {
    return false;
  }
};

beforeEach(({ skip }) => {
  skip(!isBuilt(), 'npm run native has not run');
});
