import type { Solution } from '../../ufm/solution.js';

/** The solution once for every field with numbers, with the first number of that field replaced, by the field's name. */
export function withEveryNumber(solution: Solution, number: number): [keyof Solution, Solution][] {
  return (Object.keys(solution) as (keyof Solution)[]).flatMap((name) => {
    const spoilt = replaceFirst(solution[name], number);
    return spoilt === null ? [] : [[name, { ...solution, [name]: spoilt }]];
  });
}

/** Null where there is no number to replace. */
function replaceFirst(value: unknown, number: number): unknown {
  if (typeof value === 'number') return number;
  if (!Array.isArray(value)) return null;
  const items = value as readonly unknown[];
  const at = items.findIndex((item) => replaceFirst(item, number) !== null);
  return at < 0 ? null : items.with(at, replaceFirst(items[at], number));
}
