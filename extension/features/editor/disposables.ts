export interface Disposable {
  dispose(): unknown;
}

/** Disposes added items, last first; disposes items that are added later at once. */
export class Disposables implements Disposable {
  #items: Disposable[] | null = [];

  /** Adds an item and returns it. */
  add<T extends Disposable>(item: T): T {
    if (this.#items === null) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /** Disposes everything once. */
  dispose(): void {
    const items = this.#items ?? [];
    this.#items = null;
    for (const item of items.reverse()) item.dispose();
  }
}
