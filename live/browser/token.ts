const KEY = 'ufm-sweep-token';

/**
 * The token of the link that opened the page, kept for this tab. It comes after the `#`, which browsers send to nobody,
 * and is taken out of the address at once, so that who copies the address does not give it away.
 */
export function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? '';
}

/** The address of another of the pages, which may be opened in a tab of its own. */
export function withToken(path: string): string {
  return `${path}#token=${encodeURIComponent(takeToken())}`;
}
