/** What a listing tells of a file. */
export interface FileDetails {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /**
   * Tells whether it is the same file still: an ETag, or size and time of the last change, which are the same on every host that has
   * the folder and in a copy that keeps times. Who changes a file and sets its time back is found by who reads its bytes.
   */
  readonly version: string;
}

/**
 * Where plans, parts and reports live. Paths are relative, with forward slashes, and cannot leave the store.
 * A file that was published is never changed; readers see it whole or not at all.
 */
export interface Store {
  /** What a person types after `--store`. */
  readonly url: string;
  /**
   * The bytes of a file, or null when there is none. A store that is not on this machine may answer with a copy of the
   * version that its last listing showed.
   *
   * @param largest bytes that it may have, `LARGEST_FILE` by default
   * @throws UnusableFile when this file cannot be read, though others can
   */
  read(path: string, largest?: number): Promise<Uint8Array | null>;
  /** Writes a new file atomically. False when the path was taken: the first one stays as it is. */
  publish(path: string, bytes: Uint8Array): Promise<boolean>;
  /** Writes a file atomically, over what was there. For what is derived: study texts, analyses, reports. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Paths of all that lies below a folder and is none, sorted; none when there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** The same with what is known of each file, by path. */
  details(folder: string): Promise<ReadonlyMap<string, FileDetails>>;
  /** What is known of one file; null when there is none. */
  detailsOf(path: string): Promise<FileDetails | null>;
  /**
   * Sets a bad file aside under `quarantine/`, so that its path is free again.
   *
   * @param judged what was read of it and found bad: whatever has taken its place since stays there. Without, whatever
   *   is there goes.
   */
  quarantine(path: string, judged?: Uint8Array): Promise<void>;
  /** Removes a file that nobody needs any more; nothing when it has gone. No part, plan or report is one. */
  remove(path: string): Promise<void>;
  /** A path of this machine's file system that holds the same bytes, for readers that want files. */
  localPath(path: string): Promise<string>;
  /**
   * Whether there is nothing at all in its place, of whatever name; so it is as well where the place is not there yet.
   * Unfinished writes of this program do not count: the first one of all makes the place a store.
   */
  isEmpty(): Promise<boolean>;
  /** The same store, of which no copies on this machine are believed: for whoever checks the store itself. */
  direct(): Store;
}
