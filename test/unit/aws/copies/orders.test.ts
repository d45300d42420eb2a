import { describe, expect, it } from 'vitest';
import { inputAfter, type CopyInput } from '../../../../src/aws/copies/copies.ts';
import { ordersFor } from '../../../../src/aws/copies/orders.ts';

const object = (key: string, bucket = 'b') => ({ bucket, key, isPrefix: false });
const prefix = (key: string, bucket = 'b') => ({ bucket, key, isPrefix: true });
const tos = (...args: Parameters<typeof ordersFor>) =>
  ordersFor(...args).orders.map(({ to }) => to);

describe('where copies go', () => {
  it('is below the target, each under its own name', () => {
    const sources = [object('x/a.txt'), prefix('x/y/'), prefix('', 'whole'), object('x/m/')];
    expect(tos(sources, { bucket: 'other', prefix: 'p/' })).toEqual([
      ...['p/a.txt', 'p/y/', 'p/whole/', 'p/m/'],
    ]);
    expect(tos(sources, { bucket: 'other', prefix: '' })).toEqual(['a.txt', 'y/', 'whole/', 'm/']);
  });

  it.each(['a b', 'a+b', '%2F', '/', '.', '..', 'x//', '🪣', 'line\nbreak\u2028', 'e\u0301'])(
    'keeps the name %j as it is',
    name => {
      const at = ordersFor([object(`from/${name}`)], { bucket: 'b', prefix: 'to/' });
      expect(at.orders[0]?.to.endsWith(name === 'x//' ? '/' : name)).toBe(true);
    },
  );

  it('does not lie within what is copied', () => {
    const sources = [prefix('a/'), prefix('', 'b'), object('c')];
    const { orders, intoThemselves } = ordersFor(sources, { bucket: 'b', prefix: 'a/x/' });
    expect(intoThemselves).toEqual([prefix('', 'b')]);
    expect(orders).toEqual([]);
    const inner = ordersFor([prefix('a/')], { bucket: 'b', prefix: 'a/' });
    expect(inner).toEqual({ orders: [], intoThemselves: [prefix('a/')], inPlace: [] });
    expect(tos([prefix('a/')], { bucket: 'b', prefix: 'ab/' })).toEqual(['ab/a/']);
    expect(tos([prefix('a/')], { bucket: 'c', prefix: 'a/' })).toEqual(['a/a/']);
  });

  it('tells what is there already', () => {
    const { orders, inPlace } = ordersFor([object('p/a'), prefix('p/q/')], {
      ...{ bucket: 'b', prefix: 'p/' },
    });
    expect({ orders, inPlace }).toEqual({ orders: [], inPlace: [object('p/a'), prefix('p/q/')] });
  });

  it('takes what lies within another source once', () => {
    const sources = [prefix('a/'), object('a/x'), prefix('a/b/'), object('a/'), prefix('a/')];
    expect(tos(sources, { bucket: 'c', prefix: '' })).toEqual(['a/']);
  });

  it('lets two of one name not meet', () => {
    const sources = [object('x/a.txt'), object('y/a.txt'), object('a.txt', 'c')];
    expect(tos(sources, { bucket: 'b', prefix: 'z/' })).toEqual([
      ...['z/a.txt', 'z/a copy.txt', 'z/a copy 2.txt'],
    ]);
  });
});

describe('what goes on where a run has stopped', () => {
  const item = (key: string) => ({ bucket: 'b', key, to: `to/${key}` });
  const input: CopyInput = {
    ...{ orders: [{ ...prefix('p/'), to: 'q/' }], bucket: 'b', moves: true, onConflict: 'fail' },
  };

  it('is only what failed, where nothing else is left', () => {
    const after = inputAfter(input, { left: [] }, [item('x')], false);
    expect(after).toMatchObject({ from: 'end', again: [item('x')] });
  });

  it('is what was left first, and then the rest', () => {
    const rest = { unit: 2, at: { kind: 'ranges', chosen: 0, left: [] } } as const;
    const after = inputAfter(input, { left: [item('l')], rest }, [item('x')], true);
    expect(after).toMatchObject({ from: rest, again: [item('l'), item('x')] });
  });

  it('forgets nothing that was stopped among what was tried again', () => {
    const again = ['a', 'b', 'c', 'd'].map(item);
    const from = { unit: 1 } as const;
    const rest = { unit: 0, at: { kind: 'count', done: 2 } } as const;
    const after = inputAfter({ ...input, again, from }, { left: [item('b')], rest }, [], true);
    expect(after).toMatchObject({ from, again: ['b', 'c', 'd'].map(item) });
  });
});
