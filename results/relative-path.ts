/**
 * The path itself, unless it could name something outside a store.
 *
 * @throws Error when it is absolute, has a backslash, or has an empty, `.` or `..` segment.
 */
export function requireRelative(path: string): string {
  const leaves = path
    .split('/')
    .some((segment) => ['', '.', '..'].includes(segment) || /[\\\0]/.test(segment));
  if (leaves) {
    throw new Error(
      `${JSON.stringify(path)} is no path of a store: it must be relative, with forward slashes, without "." and ".."`,
    );
  }
  return path;
}
