// Sets of groups, as they occur on the ways down a tree: each is another set with one group more. A tree of a million
// nodes has few different ones, so that a set is a small number and asking for one is a look-up in a small table.

const FIRST_ROOM = 1 << 10;

/** Number 0 is the empty set. */
export class GroupPaths {
  /** Per set: the set it extends, and by which group. */
  #shorter = new Int32Array(FIRST_ROOM);
  #last = new Int32Array(FIRST_ROOM);
  #count = 1;
  /** Open addressing over (set, group): the extended set; a set of 0 marks a free place, since no set is extended to it. */
  #set = new Int32Array(FIRST_ROOM);
  #group = new Int32Array(FIRST_ROOM);
  #extended = new Int32Array(FIRST_ROOM);
  #used = 0;

  /** `set` with `group`; `set` itself when it has the group. O(1) expected when asked before, else O(groups in the set). */
  extended(set: number, group: number): number {
    const mask = this.#extended.length - 1;
    let at = placeOf(set, group) & mask;
    for (;;) {
      const found = this.#extended[at]!;
      if (found === 0) return this.#remember(set, group, at);
      if (this.#set[at] === set && this.#group[at] === group) return found;
      at = (at + 1) & mask;
    }
  }

  #remember(set: number, group: number, free: number): number {
    const result = this.#has(set, group) ? set : this.#add(set, group);
    this.#set[free] = set;
    this.#group[free] = group;
    this.#extended[free] = result;
    this.#used += 1;
    if (this.#used * 2 > this.#extended.length) this.#enlarge();
    return result;
  }

  #has(set: number, group: number): boolean {
    for (let at = set; at !== 0; at = this.#shorter[at]!) if (this.#last[at] === group) return true;
    return false;
  }

  #add(shorter: number, group: number): number {
    const set = this.#count;
    if (set === this.#shorter.length) {
      this.#shorter = enlarged(this.#shorter);
      this.#last = enlarged(this.#last);
    }
    this.#shorter[set] = shorter;
    this.#last[set] = group;
    this.#count += 1;
    return set;
  }

  #enlarge(): void {
    const [set, group, extended] = [this.#set, this.#group, this.#extended];
    const length = extended.length * 2;
    this.#set = new Int32Array(length);
    this.#group = new Int32Array(length);
    this.#extended = new Int32Array(length);
    for (let from = 0; from < extended.length; from++) {
      if (extended[from] === 0) continue;
      let at = placeOf(set[from]!, group[from]!) & (length - 1);
      while (this.#extended[at] !== 0) at = (at + 1) & (length - 1);
      this.#set[at] = set[from]!;
      this.#group[at] = group[from]!;
      this.#extended[at] = extended[from]!;
    }
  }
}

function placeOf(set: number, group: number): number {
  const mixed = Math.imul(set, 0x9e3779b1) ^ Math.imul(group, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function enlarged(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
