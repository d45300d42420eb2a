import { describe, expect, it } from 'vitest';
import { BrigadeError } from '../../src/aws/errors.ts';
import { IMMEDIATE_COMMANDS, COMMAND_ARGUMENTS } from '../../src/vscode/commandArguments.ts';
import { UNASKED, type CommandId } from '../../src/commands.ts';
import { markShown } from '../../src/vscode/shownRows.ts';
import { readJson } from '../support/sources.ts';

const ids = Object.keys(COMMAND_ARGUMENTS) as CommandId[];

/** A row as a view shows it. */
function shown(row: { readonly kind: string } & Record<string, unknown>) {
  markShown(row);
  return row;
}

const bucket = shown({ kind: 'bucket', id: '1', bucket: 'photos', pinned: false });
const prefix = shown({ kind: 'prefix', id: '2', parent: bucket, bucket: 'photos', key: 'a/' });
const object = (key: string) =>
  shown({ kind: 'object', id: key, parent: bucket, bucket: 'photos', key, summary: { key } });
const cat = object('cat.png');
const dog = object('dog.png');
const tag = shown({
  ...{ kind: 'tag', id: '4', parent: cat, bucket: 'photos', key: 'cat.png' },
  tag: { key: 'phototype', value: 'finished' },
});
const noTags = shown({ kind: 'empty', id: '5', parent: dog, bucket: 'photos', key: 'dog.png' });
const error = shown({ kind: 'error', id: '6', error: new Error('x'), doing: 'connect' });
const notifications = shown({ kind: 'notifications', id: '7', parent: bucket, bucket: 'photos' });
const notification = shown({
  ...{ kind: 'notification', id: '8', parent: notifications, bucket: 'photos' },
  ...{ notificationId: 'new-images', notification: {}, disabled: false },
});
const version = shown({
  ...{ kind: 'version', id: '10', parent: cat, bucket: 'photos', key: 'cat.png' },
  ...{ versionId: 'v1', summary: {} },
});
const deleted = shown({
  ...{ kind: 'deleted', id: '11', parent: bucket, bucket: 'photos', key: 'gone.png' },
  summary: { versionId: 'm1' },
});
const more = shown({ kind: 'more', id: '9', parent: bucket, bucket: 'photos', loaded: 200 });
const job = shown({ kind: 'job', jobId: '0b5dd2b5-1234' });
const fact = shown({ kind: 'fact', parent: job, item: {}, children: [] });
const transfer = shown({ kind: 'transfer', transferId: 'one' });
const otherTransfer = shown({ kind: 'transfer', transferId: 'two' });
const rows = [
  transfer,
  bucket,
  prefix,
  cat,
  tag,
  noTags,
  error,
  notifications,
  notification,
  more,
  version,
  deleted,
  job,
  fact,
];

const cyclic: Record<string, unknown> = { bucket: 'photos' };
cyclic['key'] = cyclic;
const JUNK: readonly unknown[] = [
  ...[0, -1, NaN, true, 1n, '', 'text', 'x'.repeat(1_000_000), Symbol('s'), () => 'f', new Date()],
  ...[{}, [], [[]], [1, 'two'], new Map(), new Error('junk'), Object.create(null) as unknown],
  ...[{ bucket: 7 }, { bucket: {} }, { bucket: '' }, { bucket: '../up' }, { bucket: 'a/b' }],
  ...[
    { bucket: null, key: null },
    { bucket: 'photos', key: 7 },
    { bucket: 'photos', key: null },
  ],
  ...[{ bucket: 'photos', key: 'k'.repeat(1_025) }, cyclic, Array.from({ length: 1e5 }, () => 0)],
  ...[{ jobId: 7 }, { jobId: '../..' }, { jobId: {} }, { functionName: {} }, { region: 'a.b/c' }],
  ...[{ bucket: 'photos', keys: 'cat.png' }, { bucket: 'photos', keys: [7] }, { tags: [] }],
  ...[
    { bucket: 'photos', notificationId: 7 },
    { bucket: 'photos', key: 'a', tag: 'x=y' },
  ],
  ...[{ kind: 'object', bucket: 7 }, { kind: 'bucket' }, { scheme: 7, path: 'x' }],
  { scheme: 'file', path: '/etc/passwd', fsPath: '/etc/passwd', authority: '' },
];

/** What a handler gets, or the sentence that is said instead. */
function read(id: CommandId, ...given: unknown[]): readonly unknown[] | string {
  try {
    return COMMAND_ARGUMENTS[id](given);
  } catch (thrown) {
    if (!(thrown instanceof BrigadeError)) throw thrown;
    expect(thrown.code).toBe('InvalidInput');
    return thrown.message;
  }
}

describe('what commands are called with', () => {
  it.each(ids)('%s survives junk, in every place', id => {
    for (const junk of JUNK) {
      for (const given of [[junk], [junk, junk], [undefined, junk], [cat, junk], [null, null]]) {
        const result = read(id, ...given);
        if (typeof result === 'string')
          expect(result).toMatch(/^(“.+” must be|This|Nothing) .+\.$/);
      }
    }
  });

  it.each(ids)('%s takes a row that fits or ignores it, whatever view it is of', id => {
    for (const row of rows) {
      const result = read(id, row);
      if (typeof result === 'string') expect(result).toMatch(/^This command doesn’t apply/);
    }
  });

  it.each(ids)('%s takes nothing, and what VS Code passes for nothing', id => {
    expect(read(id)).toEqual([]);
    expect(read(id, undefined, undefined)).toEqual([]);
    expect(read(id, null)).toEqual([]);
  });

  it.each(ids)('%s is given nothing that would keep it from asking', id => {
    const all = {
      ...{ bucket: 'photos', key: 'cat.png', jobId: 'a-job', notificationId: 'n' },
      ...{ functionName: 'resize', destinationArn: 'arn:aws:sqs:eu-north-1:1:q', keys: ['a'] },
      ...{ skipConfirmation: true, deleteObjects: true, removePermission: true, priority: 9 },
      ...{ files: ['file:///etc/passwd'], tags: [], roleArn: 'arn:aws:iam::1:role/admin' },
      ...{ manifest: { bucket: 'photos', key: 'm.csv' }, report: false, code: 's3://a/b.zip' },
    };
    const forbidden =
      /skipConfirmation|deleteObjects|removePermission|priority|files|roleArn|report/;
    expect(JSON.stringify(read(id, all))).not.toMatch(forbidden);
    expect(JSON.stringify(read(id, { ...all, kind: 'object' }))).not.toMatch(forbidden);
    if (id !== 'bucketBrigade.explorer.addTag') return;
    expect(read(id, all, undefined, { key: 'a', value: 'b' })).toHaveLength(1);
  });

  it('of a view’s title are not about the row that has the focus', () => {
    for (const id of [
      'bucketBrigade.explorer.refresh',
      'bucketBrigade.explorer.addBucket',
      'bucketBrigade.explorer.reveal',
      'bucketBrigade.connections.select',
      'bucketBrigade.sandbox.reset',
      'bucketBrigade.jobs.filter',
    ] as const) {
      for (const row of rows) expect(read(id, row), `${id} ${row.kind}`).toEqual([]);
    }
  });

  it('keep a row as it is, for what else is known of it', () => {
    expect(read('bucketBrigade.explorer.openObject', cat)).toEqual([cat]);
    expect((read('bucketBrigade.explorer.openObject', cat) as unknown[])[0]).toBe(cat);
  });

  it('never take a thing for a row that only looks like one', () => {
    const forged = { kind: 'object', bucket: 'photos', key: 'cat.png', parent: 7 };
    expect(read('bucketBrigade.explorer.download', forged)).toEqual([
      { bucket: 'photos', key: 'cat.png' },
    ]);
  });
});

/** Each command that acts on all that is selected; the others say that they don't. */
const SEVERAL = new Set<CommandId>([
  'bucketBrigade.archive.restore',
  'bucketBrigade.links.copyPresignedUrl',
  'bucketBrigade.versions.show',
  'bucketBrigade.versions.hide',
  'bucketBrigade.versions.open',
  'bucketBrigade.versions.compareSelected',
  'bucketBrigade.versions.restore',
  'bucketBrigade.versions.undelete',
  'bucketBrigade.versions.delete',
  'bucketBrigade.versions.download',
  'bucketBrigade.versions.copyId',
  'bucketBrigade.versions.copyS3Uri',
  'bucketBrigade.explorer.cut',
  'bucketBrigade.explorer.copy',
  'bucketBrigade.explorer.duplicate',
  'bucketBrigade.explorer.refreshRow',
  'bucketBrigade.explorer.clearFilter',
  'bucketBrigade.find.start',
  'bucketBrigade.explorer.removeBucket',
  'bucketBrigade.explorer.openObject',
  'bucketBrigade.explorer.showProperties',
  'bucketBrigade.resize.followObject',
  'bucketBrigade.explorer.editMetadata',
  'bucketBrigade.explorer.changeStorageClass',
  'bucketBrigade.explorer.download',
  'bucketBrigade.explorer.deleteObject',
  'bucketBrigade.explorer.copyS3Uri',
  'bucketBrigade.explorer.copyUrl',
  'bucketBrigade.explorer.copyArn',
  'bucketBrigade.explorer.copyKey',
  'bucketBrigade.explorer.editTags',
  'bucketBrigade.jobs.changeTags',
  'bucketBrigade.explorer.addTag',
  'bucketBrigade.explorer.removeTag',
  'bucketBrigade.transfers.pause',
  'bucketBrigade.transfers.resume',
  'bucketBrigade.transfers.cancel',
  'bucketBrigade.transfers.retryFailed',
  'bucketBrigade.transfers.reveal',
  'bucketBrigade.transfers.follow',
  'bucketBrigade.jobs.create',
  'bucketBrigade.jobs.createTaggingJob',
  'bucketBrigade.jobs.createResizeJob',
  'bucketBrigade.jobs.createManifest',
  'bucketBrigade.jobs.run',
  'bucketBrigade.jobs.cancel',
  'bucketBrigade.jobs.changePriority',
  'bucketBrigade.jobs.copyJobId',
]);

describe('several selected rows', () => {
  /** Two of the first kind that a command takes. */
  function twoThatFit(id: CommandId): unknown[] {
    const kinds = [
      ...[
        [cat, dog],
        [bucket, shown({ ...bucket, bucket: 'other' })],
      ],
      ...[
        [tag, shown({ ...tag, key: 'dog.png' })],
        [job, shown({ ...job, jobId: 'another' })],
      ],
      [version, shown({ ...version, versionId: 'v2' })],
      [notification, shown({ ...notification, notificationId: 'another' })],
      [transfer, otherTransfer],
    ];
    return (
      kinds.find(([first]) => {
        const result = read(id, first);
        return typeof result !== 'string' && result.length > 0;
      }) ?? []
    );
  }

  it.each(ids.filter(id => twoThatFit(id).length > 0))('%s', id => {
    const fitting = twoThatFit(id);
    const result = read(id, fitting[0], [...fitting, error]);
    if (SEVERAL.has(id)) expect(result[1]).toHaveLength(2);
    else expect(result).toBe('This works on one item at a time, but 2 are selected.');
  });

  it('count without what only stands among them', () => {
    const selection = [cat, tag, noTags, more, error, dog];
    expect(read('bucketBrigade.explorer.download', noTags, selection)).toEqual([cat, [cat, dog]]);
    expect(read('bucketBrigade.resize.resizeNow', tag, [cat, tag])).toEqual([cat]);
    expect(read('bucketBrigade.explorer.download', tag, [tag, noTags])).toMatch(/doesn’t apply/);
  });
});

interface MenuItem {
  readonly command?: CommandId;
  readonly submenu?: string;
  readonly group?: string;
  readonly when?: string;
}

interface Manifest {
  readonly contributes: { readonly menus: Readonly<Record<string, readonly MenuItem[]>> };
}

describe('the menu of several rows', () => {
  const { menus } = (readJson('package.json') as Manifest).contributes;

  /** What is offered, submenus included. An icon of a row is that row’s. */
  function offered(menu: string): CommandId[] {
    return (menus[menu] ?? [])
      .filter(({ group, when }) => !/^inline/.test(group ?? '') && !when?.includes('!listMulti'))
      .flatMap(({ command, submenu }) => (command ? [command] : offered(submenu ?? '')));
  }

  /**
   * Objects and jobs are selected by the dozen. Of buckets, notifications and connections one is right-clicked
   * while others are selected, and VS Code doesn’t tell the two apart: there, a command says that it acts on one.
   */
  const isOfMany = (id: CommandId) =>
    [cat, tag, version, job].some(row => {
      const result = read(id, row);
      return typeof result !== 'string' && result.length > 0;
    });

  it('has of objects, tags, versions and jobs only what acts on several', () => {
    const items = offered('view/item/context').filter(isOfMany);
    expect(items.length).toBeGreaterThan(30);
    expect(items).toContain('bucketBrigade.explorer.copyS3Uri');
    expect(items.filter(id => !SEVERAL.has(id))).toEqual([]);
  });
});

describe('commands that tests run unasked', () => {
  it('cover all that act at once', () => {
    for (const id of IMMEDIATE_COMMANDS) expect(Object.keys(UNASKED)).toContain(id);
  });
});

describe('what is selected of several connections', () => {
  const own = (session: string, key: string) =>
    shown({ kind: 'object', id: key, parent: bucket, session, bucket: 'photos', key });
  const [first, second, other] = [own('a', 'x'), own('a', 'y'), own('b', 'x')];

  it.each<CommandId>([
    'bucketBrigade.explorer.deleteObject',
    'bucketBrigade.explorer.addTag',
    'bucketBrigade.explorer.download',
    'bucketBrigade.jobs.create',
    'bucketBrigade.jobs.changeTags',
  ])('is never mixed: %s', id => {
    expect(read(id, first, [first, second])).toHaveLength(2);
    expect(read(id, first, [first, other])).toContain('several connections');
    // What stands among it is not acted on.
    expect(
      read(id, first, [first, shown({ kind: 'connection', connectionId: 'profile:b' })]),
    ).toEqual(read(id, first, [first]));
  });

  it('says whose it is to what copies it', () => {
    const [target] = read('bucketBrigade.resize.deploy', shown({ ...bucket, session: 'b' }));
    expect(target).toEqual({ bucket: 'photos', session: 'b' });
    const [noted] = read(
      'bucketBrigade.notifications.edit',
      shown({ ...notification, session: 'b' }),
    );
    expect(noted).toMatchObject({ session: 'b' });
  });
});
