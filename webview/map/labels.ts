/** Names on the canvas: cut where there is no room, and readable on every shade. */

import { visibleText } from '../common/visible-text.ts';
import { cssColour } from './palette.ts';
import type { Colour, Palette } from './palette.ts';
import type { Rectangle } from './squarify.ts';

const size = 11;
const side = 4;
const lineHeight = 14;
const ellipsis = '…';
/** Characters whose widths are remembered; then it begins anew. */
const mostRemembered = 20_000;

/** Draws texts; it remembers how wide characters are. */
export class Labels {
  readonly #widths = new Map<string, number>();
  #context: CanvasRenderingContext2D | null = null;
  #palette: Palette | null = null;
  #font = '';
  /** The font that the context has; null: not known. */
  #set: string | null = null;

  /** To be called before the texts of each painting. */
  begin(context: CanvasRenderingContext2D, palette: Palette): void {
    this.#context = context;
    this.#set = null;
    this.#palette = palette;
    if (this.#font !== palette.font || this.#widths.size > mostRemembered) this.#widths.clear();
    this.#font = palette.font;
    context.textBaseline = 'middle';
    context.direction = 'ltr';
    context.lineJoin = 'round';
  }

  /** The line of a folder: its name, and its share at the end where there is room. */
  header({ x, y, width, height }: Rectangle, name: string, share: string): void {
    const palette = this.#palette;
    if (palette === null) return;
    const shareRoom = width > 120 ? 44 : 0;
    const middle = y + height / 2 + 0.5;
    this.#write(name, x + side, middle, width - 2 * side - shareRoom, palette.text, null, 600);
    if (shareRoom > 0) {
      this.#write(share, x + width - side, middle, shareRoom, palette.text, null, 400, 'right');
    }
  }

  /**
   * The name on a tile, and its share below, as far as there is room.
   * @param behind the shade of the tile
   * @param options `striped`: whether more than the shade is behind; `taken`: room at the right end
   */
  tile(
    { x, y, width, height }: Rectangle,
    [name, share]: readonly [name: string, share: string],
    behind: Colour,
    { striped, taken }: { readonly striped: boolean; readonly taken: number },
  ): void {
    const palette = this.#palette;
    if (palette === null || width < 30 || height < lineHeight) return;
    const [ink, other, clear] = inkOn(behind, palette);
    const halo = clear && !striped ? null : other;
    const room = width - 2 * side;
    const top = y + Math.min(lineHeight / 2 + 3, height / 2);
    this.#write(name, x + side, top, room - taken, ink, halo);
    if (height >= 2 * lineHeight + 4) {
      this.#write(share, x + side, top + lineHeight, room, ink, halo);
    }
  }

  /** A number in the corner of a tile. */
  badge({ x, y, width, height }: Rectangle, text: string, colour: Colour): void {
    const [context, palette] = [this.#context, this.#palette];
    if (context === null || palette === null || Math.min(width, height) < 16) return;
    const wide = badgeWidth(text);
    const left = x + width - wide - 3;
    context.fillStyle = cssColour(colour);
    context.fillRect(left, y + 2, wide, 14);
    const [ink] = inkOn(colour, palette);
    this.#write(text, left + wide / 2, y + 9.5, wide, ink, null, 600, 'center');
  }

  #write(
    text: string,
    x: number,
    y: number,
    room: number,
    ink: Colour,
    halo: Colour | null,
    weight: 400 | 600 = 400,
    align: CanvasTextAlign = 'left',
  ): void {
    const context = this.#context;
    if (context === null) return;
    // Setting a font takes longer than comparing it.
    const font = `${String(weight)} ${String(size)}px ${this.#font}`;
    if (this.#set !== font) context.font = font;
    this.#set = font;
    context.textAlign = align;
    const cut = this.#cut(context, text, room, weight);
    if (cut === '') return;
    if (halo !== null) {
      context.strokeStyle = cssColour(halo, 0.8);
      context.lineWidth = 3;
      context.strokeText(cut, x, y);
    }
    context.fillStyle = cssColour(ink);
    context.fillText(cut, x, y);
  }

  /**
   * The text, or as much of its beginning as there is room for. Characters are measured one by one and
   * once: measuring every name takes longer than drawing all of the map.
   */
  #cut(context: CanvasRenderingContext2D, text: string, room: number, weight: number): string {
    // What would be wider than any screen is not looked at.
    const shown = visibleText(text.slice(0, 300));
    const roomForPart = room - this.#widthOf(context, ellipsis, weight);
    let [width, part] = [0, ''];
    for (const character of shown) {
      width += this.#widthOf(context, character, weight);
      if (width > room) return Array.from(part).length < 2 ? '' : part + ellipsis;
      if (width <= roomForPart) part += character;
    }
    return shown;
  }

  #widthOf(context: CanvasRenderingContext2D, character: string, weight: number): number {
    const key = `${String(weight)}${character}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    const { width } = context.measureText(character);
    this.#widths.set(key, width);
    return width;
  }
}

/** How wide the number in the corner of a tile is, in CSS pixels. */
export function badgeWidth(text: string): number {
  return 8 + 7 * text.length;
}

/**
 * The one of the theme's two colours that is read better on a shade, the other one, and whether it is
 * read well (4.5 to 1).
 */
function inkOn(
  behind: Colour,
  { text, ground }: Palette,
): [ink: Colour, other: Colour, clear: boolean] {
  const [asText, asGround] = [contrast(behind, text), contrast(behind, ground)];
  return asText >= asGround ? [text, ground, asText >= 4.5] : [ground, text, asGround >= 4.5];
}

/** By WCAG 2: from 1 to 21. */
function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance([red, green, blue]: Colour): number {
  const linear = (value: number): number => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
