import { percent } from '../../extension/report/format.ts';
import { element } from './dom.ts';

/** A progress bar. */
export class Bar {
  readonly root: HTMLElement;
  readonly #fill = element('div', { class: 'bar-fill' });

  /** @param label what is progressing, for screen readers */
  constructor(label: string) {
    this.root = element('div', { class: 'bar progress', role: 'progressbar', label }, this.#fill);
    this.root.setAttribute('aria-valuemin', '0');
    this.root.setAttribute('aria-valuemax', '100');
  }

  /** Shows a share in [0, 1]; null while unknown. */
  update(share: number | null): void {
    this.root.classList.toggle('indeterminate', share === null);
    if (share === null) {
      this.root.removeAttribute('aria-valuenow');
      this.root.removeAttribute('aria-valuetext');
      return;
    }
    setShare(this.#fill, share);
    this.root.setAttribute('aria-valuenow', String(Math.floor(share * 100)));
    this.root.setAttribute('aria-valuetext', percent(share));
  }
}

/** Sets the filled share of a bar. */
export function setShare(fill: HTMLElement, share: number): void {
  fill.style.setProperty('--share', String(share));
}
