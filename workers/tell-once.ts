/** Passes lines on, each of them once: what is looked at again and again has mostly the same to tell. */
export function tellOnce(tell: (line: string) => void): (line: string) => void {
  const told = new Set<string>();
  return (line) => {
    if (told.has(line)) return;
    told.add(line);
    tell(line);
  };
}
