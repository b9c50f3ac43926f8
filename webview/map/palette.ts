/** The theme's colours for the canvas, which knows no variables of style sheets. */

import { element } from '../common/dom.ts';

/** Red, green and blue in [0, 255]; opaque. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The style sheet gives each of them a colour of the theme. */
const roles = ['ground', 'text', 'held', 'changed', 'attended', 'line', 'match'] as const;
type Role = (typeof roles)[number];

export interface Palette extends Readonly<Record<Role, Colour>> {
  /** Areas are told apart by lines, too. */
  readonly highContrast: boolean;
  readonly font: string;
}

/** Elements that take the colours of the theme, of which the browser then tells what they are. */
export class PaletteReader {
  readonly root = element('div', { hidden: true, attributes: { 'aria-hidden': 'true' } });
  readonly #swatches: Readonly<Record<Role, HTMLElement>>;
  readonly #pixel: CanvasRenderingContext2D;

  /** @throws Error where the browser draws on no canvas */
  constructor() {
    const swatch = (role: Role): [Role, HTMLElement] => [
      role,
      element('span', { class: `map-colour-${role}` }),
    ];
    // Every role has its entry.
    this.#swatches = Object.fromEntries(roles.map(swatch)) as Record<Role, HTMLElement>;
    this.root.append(...Object.values(this.#swatches));
    const canvas = element('canvas', { attributes: { width: '1', height: '1' } });
    this.#pixel = contextOf(canvas, { willReadFrequently: true });
  }

  /** The colours of now. */
  read(): Palette {
    const ground = this.#colour('ground', [128, 128, 128]);
    const of = (role: Role): Colour => this.#colour(role, ground);
    const { fontFamily } = getComputedStyle(this.#swatches.text);
    return {
      ground,
      text: of('text'),
      held: of('held'),
      changed: of('changed'),
      attended: of('attended'),
      line: of('line'),
      match: of('match'),
      highContrast: document.body.classList.contains('vscode-high-contrast'),
      font: fontFamily,
    };
  }

  /** @param behind what shows through */
  #colour(role: Role, behind: Colour): Colour {
    const context = this.#pixel;
    context.fillStyle = cssColour(behind);
    context.fillRect(0, 0, 1, 1);
    context.fillStyle = getComputedStyle(this.#swatches[role]).color;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  }
}

/** @throws Error where the browser draws on no canvas */
export function contextOf(
  canvas: HTMLCanvasElement,
  settings?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings);
  if (context === null) throw new Error('This browser draws on no canvas.');
  return context;
}

/** A colour as style sheets and canvases write it. */
export function cssColour([red, green, blue]: Colour, opacity = 1): string {
  return `rgb(${String(red)} ${String(green)} ${String(blue)} / ${String(opacity)})`;
}

/** Between two colours. @param share of the second, in [0, 1] */
export function mix(from: Colour, to: Colour, share: number): Colour {
  const between = (a: number, b: number): number => Math.round(a + (b - a) * share);
  return [between(from[0], to[0]), between(from[1], to[1]), between(from[2], to[2])];
}

/**
 * How much of the colour for `remembered` a tile has. Most files of a large repository keep little:
 * the square root tells these apart.
 */
export function shadeOf(share: number): number {
  return 0.04 + 0.86 * Math.sqrt(Math.min(1, Math.max(0, share)));
}
