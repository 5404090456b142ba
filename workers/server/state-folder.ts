import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { homedir, hostname, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { makeFolders } from '../../results/make-folders.js';
import { placeOf } from '../../results/s3/settings.js';

/** For the owner alone. */
const PRIVATE = 0o700;
const OTHERS_MAY_WRITE = 0o022;
const ALL_MAY_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * The folder for what runs the studies of a store on this machine: the embedded server with its database, records of what runs,
 * the token of the live page. It lies in the user's state folder and not in the store, which others may write; its name has
 * the host, because a home may be shared by several. It may not be there yet.
 *
 * @param store absolute folder or URL of the store
 * @throws ForeignFolderError when others than this user could have put something there
 */
export async function serverFolder(store: string): Promise<string> {
  const { base, name } = stateRoot();
  await requireSafeBase(base);
  let folder = base;
  for (const level of [name, safeName(hostname()), placeName(store)]) {
    folder = join(folder, level);
    await requireOwn(folder);
  }
  return folder;
}

/** A folder is not this user's alone, so nothing in it is believed. */
export class ForeignFolderError extends Error {
  override readonly name = 'ForeignFolderError';
}

/**
 * Makes a folder for this user alone, unless it is there.
 *
 * @throws ForeignFolderError when it is there and not this user's alone
 */
export async function makeOwnFolder(folder: string): Promise<void> {
  await makeFolders(folder, { mode: PRIVATE });
  await requireOwn(folder);
}

/** @throws ForeignFolderError when there is such a folder and it is not this user's alone */
export async function requireOwn(folder: string): Promise<void> {
  const status = await lstat(folder).catch(() => null);
  const uid = process.getuid?.();
  if (status === null || uid === undefined) return;
  const advice = 'move it away, or set XDG_STATE_HOME to a folder of your own';
  if (!status.isDirectory()) {
    throw new ForeignFolderError(`${folder} is no folder but something else, so it is not used: ${advice}`); // prettier-ignore
  }
  if (status.uid !== uid) {
    throw new ForeignFolderError(
      `${folder} belongs to another user (${status.uid}), so nothing in it is believed: ${advice}`,
    );
  }
  if ((status.mode & OTHERS_MAY_WRITE) !== 0) {
    throw new ForeignFolderError(
      `others may write in ${folder}, so nothing in it is believed: ${advice}, or, if what is in it is yours, run: chmod 700 ${folder}`,
    );
  }
}

/** In a folder where all may rename what is there, an owner says nothing. */
async function requireSafeBase(base: string): Promise<void> {
  const mode = (await lstat(base).catch(() => null))?.mode ?? 0;
  if ((mode & ALL_MAY_WRITE) !== 0 && (mode & STICKY) === 0 && process.platform !== 'win32') {
    throw new ForeignFolderError(
      `everybody may write in ${base}: set XDG_STATE_HOME to a folder of your own`,
    );
  }
}

/** Where the states of programs go: `XDG_STATE_HOME`, or in the home, or, where there is none to write in, with temporary files. */
function stateRoot(): { readonly base: string; readonly name: string } {
  const given = process.env['XDG_STATE_HOME'] ?? '';
  // A relative one counts for nothing; see the XDG Base Directory Specification.
  if (isAbsolute(given)) return { base: given, name: 'ufm-sweep' };
  const states = join(home(), '.local', 'state');
  if (isAbsolute(states) && canBeMade(states)) return { base: states, name: 'ufm-sweep' };
  return { base: tmpdir(), name: `ufm-sweep-${process.getuid?.() ?? 'user'}` };
}

/** Empty where the environment names none and the machine knows none of this user, as in a container. */
function home(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** Whether a folder is there to write in, or can be made. */
function canBeMade(folder: string): boolean {
  if (!existsSync(folder) && dirname(folder) !== folder) return canBeMade(dirname(folder));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Tells stores apart; the hash does, the rest is for whoever looks. */
function placeName(store: string): string {
  const place = store.includes('://') ? store : realPath(store);
  return `${safeName(place.replace(/^.*:\/\//, '')).slice(-60)}-${placeOf(place)}`;
}

/** Of a folder that may not be there yet: the same through whichever link it is reached. */
function realPath(folder: string): string {
  if (existsSync(folder) || dirname(folder) === folder) return realpathSync(folder);
  return join(realPath(dirname(folder)), folder.slice(dirname(folder).length));
}

function safeName(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, '-').replace(/^[-.]+/, '');
}
