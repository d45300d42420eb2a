import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../../src/sandbox/store.ts';
import { newTemporaryFolder } from '../../support/paths.ts';

let store: Store;
let log: string[];

beforeEach(() => {
  log = [];
  store = new Store(newTemporaryFolder('store'), line => log.push(line));
  store.define('CREATE TABLE thing (id INTEGER PRIMARY KEY)');
});
afterEach(() => store.close());

const count = (): number =>
  store.prepare<{ n: number }>('SELECT count(*) AS n FROM thing').get()?.n ?? -1;
const insert = (id: number): unknown => store.prepare('INSERT INTO thing VALUES (?)').run(id);

describe('what is to be done after a commit', () => {
  it('can not make it look like a rollback when it throws, and the rest is done', () => {
    const done: string[] = [];
    const answer = store.transaction(() => {
      insert(1);
      store.afterCommit(() => {
        throw new Error('no such listener');
      });
      store.afterCommit(() => done.push('second'));
      return 'kept';
    });
    expect([answer, count(), done]).toEqual(['kept', 1, ['second']]);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain('no such listener');
  });

  it('may begin a transaction of its own', () => {
    store.transaction(() => {
      insert(1);
      store.afterCommit(() => store.transaction(() => insert(2)));
    });
    expect(count()).toBe(2);
  });

  it('is not done after a rollback, nor after the next commit', () => {
    const done: string[] = [];
    const fail = (): unknown =>
      store.transaction(() => {
        insert(1);
        store.afterCommit(() => done.push('of the failed one'));
        throw new Error('refused');
      });
    expect(fail).toThrow('refused');
    store.transaction(() => insert(2));
    expect([count(), done]).toEqual([1, []]);
  });
});
