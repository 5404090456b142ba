const COUNT = new Intl.NumberFormat('en');

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return COUNT.format(value);
}

/** Points a second, no finer than it is measured. */
export function rate(value: number): string {
  return `${value < 10 ? value.toFixed(1) : count(Math.round(value))} points/s`;
}

/** Seconds for people, rounded up: `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A number of things by their name. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
