/**
 * Works on several items at a time and gives the results in the order of the items. The first failure is thrown where its
 * item would have come; nothing is begun after it.
 */
export async function* inOrder<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<{ readonly item: T; readonly result: R }> {
  const begun: Promise<R>[] = [];
  let hasFailed = false;
  const beginNext = () => {
    const item = items[begun.length];
    if (item === undefined || hasFailed) return;
    const result = work(item);
    // Reported where it is awaited; without this, a failure before its turn would end the process.
    result.catch(() => {
      hasFailed = true;
    });
    begun.push(result);
  };
  for (let i = 0; i < atOnce; i++) beginNext();
  for (const [index, item] of items.entries()) {
    const result = await begun[index];
    beginNext();
    yield { item, result: result as R };
  }
}
