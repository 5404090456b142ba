/**
 * What a terminal obeys or hides instead of showing: controls, with which every escape sequence starts, formats such as
 * those that reverse text, halves of characters, and separators of lines.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A text with an escape such as `\u001b` for every character that a terminal would obey or hide, line ends
 * and tabs aside. Names, messages and
 * values come from files and servers that anyone may have written. The escapes are those of JSON, so that a document
 * stays the same document.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) =>
    /[\n\t]/.test(character) ? character : escaped(character),
  );
}

/** As `printable`, for what has to stay in its line. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, escaped);
}

function escaped(characters: string): string {
  return Array.from({ length: characters.length }, (_, index) => {
    const code = characters.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${code}`;
  }).join('');
}
