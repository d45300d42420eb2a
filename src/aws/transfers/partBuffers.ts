/**
 * Memory of parts, used again: a collector that frees tens of megabytes when it thinks fit holds several
 * times what is in use.
 */
export class PartBuffers {
  #free: Buffer[] = [];

  /** Works with memory of so many bytes, whatever is in it. */
  async with<T>(bytes: number, work: (buffer: Buffer) => Promise<T>): Promise<T> {
    const buffer = this.#take(bytes);
    const result = await work(buffer.subarray(0, bytes));
    // After a failure a connection may still be reading from it.
    this.#free.push(buffer);
    return result;
  }

  #take(bytes: number): Buffer {
    const large = this.#free.findIndex(buffer => buffer.length >= bytes);
    if (large >= 0) return this.#free.splice(large, 1)[0] as Buffer;
    // Parts have become larger: those of before are of no use any more.
    this.#free = [];
    return Buffer.allocUnsafeSlow(bytes);
  }
}
