import { expect, it } from 'vitest';
import { readText } from '../support/sources.ts';

interface Item {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}
const { contributes } = JSON.parse(readText('package.json')) as {
  contributes: { menus: Record<string, readonly Item[]> };
};

/** About rows that only the Buckets view has, or about reading its rows. */
const NOT_FOUND = new Set([
  'bucketBrigade.explorer.refreshRow',
  'bucketBrigade.explorer.loadAll',
  'bucketBrigade.find.start',
]);

/** What the rows of the Found Objects view are to menus: objects and their tags. */
const CONTEXTS = [
  ...['object', 'object manifest', 'object zip', 'object image'],
  ...['object archived', 'object tiered', 'tag among'],
];

const items = (contributes.menus['view/item/context'] ?? []).filter(
  ({ when = '', command = '' }) => {
    const rows = [...when.matchAll(/viewItem =~ \/(.*?)\/(?= |\)|$)/g)].map(
      ([, source]) => source!,
    );
    const isOfObjects = rows
      .filter(source => source !== '\\bamong\\b')
      .some(source => CONTEXTS.some(context => new RegExp(source).test(context)));
    return /^view .*\b(buckets|found)\b/.test(when) && isOfObjects && !NOT_FOUND.has(command);
  },
);

it('there are many menus of objects', () => {
  expect(items.length).toBeGreaterThan(20);
});

it.each(items.map(({ command, submenu, when }) => [command ?? submenu, when]))(
  '%s is offered for what Find Objects found as for rows of the Buckets view',
  (_, when) =>
    expect(when).toMatch(
      /^view (=~ \/\^bucketBrigade\\\.\(buckets\|found\)\$\/|== bucketBrigade\.found) /,
    ),
);
