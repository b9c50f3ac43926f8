import type { Frame } from 'playwright-core';

/**
 * Runs in the page: makes the function that reads the colours of an element's text and of what is
 * behind it, as numbers. A page has few colours: each is drawn once.
 */
const readColours = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const draw = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const toNumbers = (colour) => {
    if (!known.has(colour)) known.set(colour, draw(colour));
    return known.get(colour);
  };
  return (element) => {
    const root = getComputedStyle(document.documentElement);
    const layers = [];
    for (let node = element; node !== null; node = node.parentElement) {
      layers.push(toNumbers(getComputedStyle(node).backgroundColor));
    }
    layers.push(toNumbers(root.getPropertyValue('--vscode-sideBar-background')));
    return { text: toNumbers(getComputedStyle(element).color), layers };
  };
})()`;

interface Colours {
  readonly text: readonly number[];
  /** From the element outwards. */
  readonly layers: readonly (readonly number[])[];
}

/** Returns the contrast of the first element's text with its background, 1 to 21 (WCAG 2). */
export async function contrast(frame: Frame, selector: string): Promise<number> {
  const element = `document.querySelector(${JSON.stringify(selector)})`;
  return contrastOf(await frame.evaluate<Colours>(`${readColours}(${element})`));
}

/** Returns each visible, enabled text with its contrast. */
export async function contrasts(frame: Frame): Promise<{ text: string; contrast: number }[]> {
  const found = await frame.evaluate<{ text: string; colours: Colours }[]>(`(() => {
    const read = ${readColours};
    const ownText = (node) =>
      [...node.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data).join('');
    return [...document.body.querySelectorAll('*')]
      .filter((node) => ownText(node).trim() !== '' && node.checkVisibility() && !node.disabled)
      .map((node) => ({
        text: node.className + ': ' + ownText(node).trim().slice(0, 40),
        colours: read(node),
      }));
  })()`);
  return found.map(({ text, colours }) => ({ text, contrast: contrastOf(colours) }));
}

function contrastOf({ text, layers }: Colours): number {
  const behind = layers.toReversed().reduce(blend);
  const [darker = 0, lighter = 0] = [luminance(blend(behind, text)), luminance(behind)].sort(
    (a, b) => a - b,
  );
  return (lighter + 0.05) / (darker + 0.05);
}

function blend(below: readonly number[], above: readonly number[]): readonly number[] {
  const alpha = (above[3] ?? 255) / 255;
  return [0, 1, 2].map((i) => (above[i] ?? 0) * alpha + (below[i] ?? 0) * (1 - alpha));
}

function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
