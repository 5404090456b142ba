/**
 * What the report does when it is read: the row behind a mark of a figure is shown to the mouse, the finger and the arrow
 * keys, and a drawing is saved. One file without imports, since the report carries it; the live page loads it as well.
 * It changes nothing in a figure: the live page tells by comparison which of them are new.
 */

/** A mark with the row that it stands for; its place in pixels from the corner of its figure. */
interface Mark {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How far from a mark it is still meant, in pixels: a finger is broad. */
const REACH = { mouse: 12, touch: 24 };
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  Home: -Infinity,
  End: Infinity,
};

const readout = document.createElement('div');
readout.id = 'readout';
readout.setAttribute('role', 'status');
const ring = document.createElement('div');
ring.id = 'ring';
document.body.append(ring, readout);
hide();
// From here on the rows are shown by this script, and no longer as the browser's own hints.
document.documentElement.classList.add('read');

const found = new WeakMap<SVGSVGElement, { readonly width: number; readonly marks: Mark[] }>();
/** The mark that the arrow keys go on from. */
let current = 0;

document.addEventListener('pointermove', (event) => {
  if (event.pointerType === 'mouse') showNearest(event, REACH.mouse);
});
document.addEventListener('click', (event) => {
  const target = event.target as Element;
  const button = target.closest<HTMLButtonElement>('button[data-file]');
  if (button === null) showNearest(event, REACH.touch);
  else saveDrawing(button);
});
document.addEventListener('focusin', ({ target }) => {
  const figure = figureOf(target);
  // A click has chosen its own mark.
  if (figure?.matches(':focus-visible') === true) show(figure, (current = 0));
});
document.addEventListener('focusout', hide);
document.addEventListener('keydown', (event) => {
  const figure = figureOf(document.activeElement);
  const step = STEPS[event.key];
  if (event.key === 'Escape') hide();
  if (figure === null || step === undefined || event.altKey || event.ctrlKey || event.metaKey) {
    return;
  }
  event.preventDefault();
  const last = marksOf(figure).length - 1;
  show(figure, (current = Math.max(0, Math.min(last, current + step))));
});

function figureOf(target: EventTarget | null): SVGSVGElement | null {
  return target instanceof Element ? target.closest<SVGSVGElement>('figure > svg') : null;
}

/** The marks of a figure in the order in which they are drawn. They move only when it changes its width. */
function marksOf(figure: SVGSVGElement): Mark[] {
  const frame = figure.getBoundingClientRect();
  const before = found.get(figure);
  if (before?.width === frame.width) return before.marks;
  const marks = [...figure.querySelectorAll('title')].map((title): Mark => {
    const box = title.parentElement!.getBoundingClientRect();
    return {
      text: title.textContent,
      left: box.left - frame.left,
      top: box.top - frame.top,
      right: box.right - frame.left,
      bottom: box.bottom - frame.top,
    };
  });
  found.set(figure, { width: frame.width, marks });
  return marks;
}

function showNearest({ target, clientX, clientY }: MouseEvent, reach: number): void {
  const figure = figureOf(target);
  if (figure === null) {
    hide();
    return;
  }
  const frame = figure.getBoundingClientRect();
  const [x, y] = [clientX - frame.left, clientY - frame.top];
  let nearest = -1;
  let least = [reach, Infinity] as const;
  for (const [index, { left, top, right, bottom }] of marksOf(figure).entries()) {
    const away = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    // Of marks that lie over each other the one whose middle is nearest.
    const off = Math.hypot((left + right) / 2 - x, (top + bottom) / 2 - y);
    if (away < least[0] || (away === least[0] && off < least[1])) {
      least = [away, off];
      nearest = index;
    }
  }
  if (nearest < 0) hide();
  else show(figure, (current = nearest));
}

function show(figure: SVGSVGElement, index: number): void {
  const mark = marksOf(figure)[index];
  if (mark === undefined) return;
  const frame = figure.getBoundingClientRect();
  const [left, top] = [frame.left + scrollX, frame.top + scrollY];
  ring.style.translate = `${left + mark.left}px ${top + mark.top}px`;
  ring.style.width = `${mark.right - mark.left}px`;
  ring.style.height = `${mark.bottom - mark.top}px`;
  readout.textContent = mark.text;
  readout.hidden = ring.hidden = false;
  const { width, height } = readout.getBoundingClientRect();
  const middle = left + (mark.left + mark.right) / 2 - width / 2;
  const room = document.documentElement.clientWidth - width - 4;
  const above = top + mark.top - height - 10;
  const y = above >= scrollY ? above : top + mark.bottom + 10;
  readout.style.translate = `${Math.max(4, Math.min(room, middle))}px ${y}px`;
}

function hide(): void {
  readout.hidden = ring.hidden = true;
}

/** Saves the drawing of a figure as a file that stands alone: its whole view has title and legend over it, on white. */
function saveDrawing(button: HTMLButtonElement): void {
  const figure = button.closest('figure')!.querySelector<SVGSVGElement>(':scope > svg')!;
  const drawing = figure.cloneNode(true) as SVGSVGElement;
  drawing.setAttribute('viewBox', drawing.dataset['whole']!);
  const text = new XMLSerializer().serializeToString(drawing);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  link.download = button.dataset['file']!;
  link.click();
  // The browser has to have begun to read it.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}
