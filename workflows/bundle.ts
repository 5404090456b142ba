/**
 * The hash of the bundle that this code is part of: 16 hex digits of the SHA-256 of its code, the same wherever the same sources
 * are built. `infra/build.mjs` puts it in the place of this text, in the bundle alone.
 */
export const BUNDLE = 'not-bundled-code';
