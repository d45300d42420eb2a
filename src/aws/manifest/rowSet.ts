const START = 1024;
/** Of the slots so many are in use at most; beyond, looking one up takes long. */
const LOAD = 0.6;

/**
 * Knows rows again by 64 bits of each, so that millions fit: 13 to 27 bytes a row. That two different
 * rows of ten million look alike has a chance of one in 300,000.
 */
export class RowSet {
  readonly #limit: number;
  /** Two words a slot; both 0 for an empty one. */
  #slots = new Uint32Array(2 * START);
  #size = 0;

  /** @param limit rows kept; later ones are not compared. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Rows that are kept, each once. */
  get size(): number {
    return this.#size;
  }

  /** Whether the row was there already; it is from now on, if there is place. */
  seen(text: string): boolean {
    const [high, low] = hash(text);
    const at = this.#find(this.#slots, high, low);
    if (this.#slots[at] === high && this.#slots[at + 1] === low) return true;
    if (this.#size >= this.#limit) return false;
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length * LOAD) this.#grow();
    return false;
  }

  /** The slot where it is, or where it would go. */
  #find(slots: Uint32Array, high: number, low: number): number {
    const mask = slots.length / 2 - 1;
    let slot = low & mask;
    for (;;) {
      const at = slot * 2;
      const [one, other] = [slots[at], slots[at + 1]];
      if ((one === high && other === low) || (one === 0 && other === 0)) return at;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const before = this.#slots;
    const slots = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      const [high = 0, low = 0] = [before[at], before[at + 1]];
      if (high === 0 && low === 0) continue;
      const to = this.#find(slots, high, low);
      slots[to] = high;
      slots[to + 1] = low;
    }
    this.#slots = slots;
  }
}

/** Two independent mixes of 32 bits (cyrb53 by bryc, public domain), never both 0. */
function hash(text: string): [number, number] {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2654435761);
    two = Math.imul(two ^ unit, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return [two >>> 0, one >>> 0 || 1];
}
