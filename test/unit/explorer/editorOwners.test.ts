import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Memento, Uri } from 'vscode';
import { EditorOwners } from '../../../src/explorer/fileSystem/editorOwners.ts';
import type { Session } from '../../../src/services.ts';
import { OtherConnection } from '../../../src/vscode/sessionOwner.ts';

const { fake } = vi.hoisted(() => ({
  fake: {
    documents: [] as { uri: unknown }[],
    onChange: undefined as unknown as (event: unknown) => void,
    onOpen: undefined as unknown as (event: unknown) => void,
    onTabs: undefined as unknown as (event: unknown) => void,
  },
}));
vi.mock('vscode', async original => {
  class Disposable {
    readonly #end: () => void;
    constructor(end: () => void) {
      this.#end = end;
    }
    dispose(): void {
      this.#end();
    }
  }
  class Tab {
    readonly uri: unknown;
    constructor(uri: unknown) {
      this.uri = uri;
    }
  }
  const none = new Disposable(() => undefined);
  return {
    ...(await original<object>()),
    Disposable,
    ...{ TabInputText: class extends Tab {}, TabInputCustom: class extends Tab {} },
    ...{ TabInputNotebook: class extends Tab {}, TabInputTextDiff: class extends Tab {} },
    workspace: {
      get textDocuments() {
        return fake.documents;
      },
      onDidChangeTextDocument: (on: typeof fake.onChange) => ((fake.onChange = on), none),
      onDidOpenTextDocument: (on: typeof fake.onOpen) => ((fake.onOpen = on), none),
    },
    window: {
      tabGroups: {
        all: [],
        onDidChangeTabs: (on: typeof fake.onTabs) => ((fake.onTabs = on), none),
      },
    },
  };
});

class Memory implements Memento {
  readonly #values = new Map<string, unknown>();
  keys = (): string[] => [...this.#values.keys()];
  get = <T>(key: string, fallback?: T) => (this.#values.get(key) as T | undefined) ?? fallback;
  update = (key: string, value: unknown): Promise<void> => {
    this.#values.set(key, structuredClone(value));
    return Promise.resolve();
  };
}

const session = (label: string): Session => ({
  key: label,
  connection: { id: `profile:${label}`, label, region: 'eu-west-1' },
  identity: { accountId: '111122223333', partition: 'aws', arn: '', userId: '' },
  clients: {} as Session['clients'],
});
const [prod, test] = [session('prod'), session('test')];
const text = 's3://photos/a.txt';
const uri = { scheme: 's3', toString: () => text } as unknown as Uri;

const type = (isDirty = true): void => fake.onChange({ document: { uri, isDirty } });

beforeEach(() => {
  fake.documents = [{ uri }];
});

describe('an editor of an s3: address', () => {
  it('saves where it was read, and nowhere else: both are named', () => {
    const owners = new EditorOwners(new Memory());
    owners.wasRead(uri, prod);
    type();
    expect(() => owners.checkSave(uri, prod)).not.toThrow();
    expect(() => owners.checkSave(uri, test)).toThrow(OtherConnection);
    expect(() => owners.checkSave(uri, test)).toThrow(/prod \(account .*test \(account/);
  });

  it('stays whose it was when something else reads the address after a switch', () => {
    const owners = new EditorOwners(new Memory());
    owners.wasRead(uri, prod);
    type();
    owners.wasRead(uri, test);
    type();
    expect(() => owners.checkSave(uri, test)).toThrow(OtherConnection);
  });

  it('is the other’s once its changes are gone and it was read again', () => {
    const owners = new EditorOwners(new Memory());
    owners.wasRead(uri, prod);
    type();
    expect(owners.unchanged()).toEqual([]);
    owners.wasRead(uri, test);
    type(false);
    expect(owners.unchanged()).toEqual([uri]);
    type();
    expect(() => owners.checkSave(uri, test)).not.toThrow();
    expect(() => owners.checkSave(uri, prod)).toThrow(OtherConnection);
  });

  it('is still whose it was after a restart, when it comes back without being read', () => {
    const memory = new Memory();
    const before = new EditorOwners(memory);
    before.wasRead(uri, prod);
    type();
    const after = new EditorOwners(memory);
    expect(() => after.checkSave(uri, test)).toThrow(OtherConnection);
    fake.onOpen({ uri, isDirty: true });
    type();
    expect(() => after.checkSave(uri, test)).toThrow(OtherConnection);
    type(false);
    expect(() => new EditorOwners(memory).checkSave(uri, test)).not.toThrow();
  });

  it('of another kind than text is noticed by its tab', async () => {
    const { TabInputCustom } = await import('vscode');
    const owners = new EditorOwners(new Memory());
    owners.wasRead(uri, prod);
    const input = new TabInputCustom(uri, '');
    fake.onTabs({ changed: [{ input, isDirty: true }], opened: [] });
    expect(() => owners.checkSave(uri, test)).toThrow(OtherConnection);
  });
});
