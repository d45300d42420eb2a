/**
 * Does something with each item, some at a time, and gives the results in the items' order. Nothing
 * more is begun once one has failed; what was begun is waited for.
 *
 * @param width how many are under way at most; asked again for each, so that it may change.
 * @throws what the first of them throws
 */
export async function* mapInOrder<T, U>(
  items: AsyncIterable<T> | Iterable<T>,
  width: () => number,
  work: (item: T) => Promise<U>,
): AsyncGenerator<U> {
  const pending: Promise<U>[] = [];
  const next = async (): Promise<U> => (await pending.shift()) as U;
  try {
    for await (const item of items) {
      const begun = work(item);
      // Until its turn comes, its failure is nobody's.
      begun.catch(() => undefined);
      pending.push(begun);
      while (pending.length >= Math.max(1, width())) yield await next();
    }
    while (pending.length > 0) yield await next();
  } finally {
    await Promise.allSettled(pending);
  }
}
