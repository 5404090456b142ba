/** Text that is HTML already and needs no escaping. */
export class Html {
  constructor(readonly text: string) {}
}

/** What a template takes: text and numbers are escaped, lists are joined. */
export type Fragment = string | number | Html | readonly Fragment[];

/** A template literal of HTML; whatever is put in and is not `Html` itself is shown as text. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  return new Html(strings.map((part, i) => part + markup(values[i] ?? '')).join(''));
}

/** The text with every character that means something to HTML or XML written as an entity. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function markup(value: Fragment): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return value.map(markup).join('');
}
