interface Node {
  /** The keys that end with what leads here, as indices; null once they are told apart. */
  keys: readonly number[] | null;
  children: Map<number, Node> | null;
}

/** A tail of at least one key that ends at a place of a text. */
export interface Tail {
  /** Where it starts in the text. */
  readonly start: number;
  /** The keys that have it, as indices. */
  readonly keys: () => readonly number[];
}

const slash = 47;

/**
 * Paths by their characters, from the last to the first. A node tells its keys apart when a text
 * first leads beyond it, so building costs next to nothing and a search as much as it walks.
 */
export class TailTrie {
  readonly #keys: readonly string[];
  readonly #root: Node;

  constructor(keys: readonly string[]) {
    this.#keys = keys;
    this.#root = { keys: keys.map((_, index) => index), children: null };
  }

  /**
   * The tails that end at `end` of a text and are whole segments of a path, the longest first.
   * Time: the length of the longest, plus what is told apart for the first time.
   */
  tailsAt(text: string, end: number): Tail[] {
    const found: Tail[] = [];
    let node: Node | undefined = this.#root;
    for (let depth = 0; ; depth++) {
      const children = this.#expand(node, depth);
      if (depth > 0 && (children.has(slash) || children.has(-1))) {
        const here = node;
        found.push({ start: end - depth, keys: () => this.#below(here) });
      }
      if (end - depth <= 0) break;
      node = children.get(text.charCodeAt(end - depth - 1));
      if (node === undefined) break;
    }
    // `dir/` is no tail of its own: what starts with a slash has its longer or shorter one.
    return found.filter(({ start }) => text.charCodeAt(start) !== slash).reverse();
  }

  /** The children of a node by character; -1 leads to the keys that end here. */
  #expand(node: Node, depth: number): Map<number, Node> {
    if (node.children !== null) return node.children;
    const lists = new Map<number, number[]>();
    for (const index of node.keys ?? []) {
      const key = this.#keys[index] ?? '';
      const code = depth < key.length ? key.charCodeAt(key.length - depth - 1) : -1;
      const list = lists.get(code);
      if (list === undefined) lists.set(code, [index]);
      else list.push(index);
    }
    node.children = new Map();
    for (const [code, keys] of lists) {
      node.children.set(code, { keys, children: code === -1 ? new Map() : null });
    }
    return node.children;
  }

  #below(node: Node): readonly number[] {
    return node.keys ?? [];
  }
}
