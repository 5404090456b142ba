type Attributes = Readonly<Record<string, string>>;

/** An element with its attributes and children; texts are shown as they are, whatever is in them. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (string | Node)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Changes the text of an element that says another one, so that a screen reader hears of changes only. */
export function say(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
