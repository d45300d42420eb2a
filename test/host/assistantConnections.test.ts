import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import { ToolHost } from '../../src/assistant/toolHost.ts';
import type { Services, Session } from '../../src/services.ts';
import { SeveralConnections, sessionOn, startLab } from './severalConnectionsFixture.ts';

const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
const token = new vscode.CancellationTokenSource().token;
/** What a key may say to a reader of Markdown, or to one of HTML; and a link that would run a command. */
const HOSTILE =
  '[x](command:workbench.action.quit) ![i](https://a.example/i) <b>`$(trash)`</b> | \u202e';
const OBJECT = { bucket: 'images-82834469', key: HOSTILE };
const TAG = { ...OBJECT, tags: { state: '_done_ @ a.example/x' } };

/** The tools as VS Code calls them: first `prepare`, then, once the user has agreed, `invoke`. */
describe("the assistant's tools, of several connections", function () {
  this.timeout(90_000);
  let labs: Awaited<ReturnType<typeof startLab>>[];
  let home: Session;
  let work: Session;
  let connections: SeveralConnections;
  let host: ToolHost;

  before(async () => {
    labs = await Promise.all([startLab(), startLab()]);
    const [one, other] = labs;
    if (!one || !other) throw new Error('no sandbox');
    home = await sessionOn('home', one);
    work = await sessionOn('work', other);
    for (const { clients } of labs) await writeObject(clients.s3(), { ...OBJECT, body: 'x' });
  });
  after(() => Promise.all(labs.map(lab => lab.close())));

  beforeEach(async () => {
    connections = new SeveralConnections([home, work]);
    const log = vscode.window.createOutputChannel('tools of a test', { log: true });
    host = new ToolHost({ context: { extension }, log, connections } as unknown as Services);
    for (const { clients } of labs) await putObjectTags(clients.s3(), { ...OBJECT, tags: [] });
  });

  const prepare = async (name: string, input: object): Promise<string> => {
    const { confirmationMessages: asked } = await host.prepare(
      `bucketBrigade_${name}`,
      input,
      token,
    );
    const { title = '', message = '' } = asked ?? {};
    assert.ok(message instanceof vscode.MarkdownString && message.isTrusted !== true);
    assert.notEqual(message.supportHtml, true);
    assert.notEqual(message.supportThemeIcons, true);
    return `${title}\n${message.value}`;
  };
  const invoke = async (name: string, input: object): Promise<string> => {
    const { content } = await host.invoke(`bucketBrigade_${name}`, input, token);
    return content
      .map(part => (part instanceof vscode.LanguageModelTextPart ? part.value : ''))
      .join('');
  };
  const tagsIn = ({ clients }: Session) => getObjectTags(clients.s3(), OBJECT);
  /** As a reader sees it. */
  const shown = (markdown: string): string =>
    markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

  it('say which there are, and take the one that is named', async () => {
    const first = await invoke('listBuckets', {});
    assert.match(first, /^Connection: "home"\. Account: \d{12}\./);
    assert.match(first, /^Other open connections, for the input “connection”: "work"\.$/m);
    assert.match(await invoke('listBuckets', { connection: 'work' }), /^Connection: "work"\./);
    await assert.rejects(
      invoke('listBuckets', { connection: 'production' }),
      /No open connection is called “production”\. Open connections: home, work/,
    );
    connections.set([home]);
    assert.doesNotMatch(await invoke('listBuckets', {}), /Other open connections/);
    await assert.rejects(invoke('listBuckets', { connection: 'work' }), /No open connection/);
  });

  it('ask for the account that is named, and act in that one alone', async () => {
    const input = { ...TAG, connection: 'work' };
    const asked = shown(await prepare('tagObject', input));
    assert.match(asked, /^Change tags of 1 object\?\n/);
    assert.match(asked, new RegExp(`Connection: work \\(account ${work.identity.accountId}\\)`));
    assert.match(await invoke('tagObject', input), /^Connection: "work"[\s\S]*were changed/);
    assert.deepEqual(await tagsIn(work), [{ key: 'state', value: TAG.tags.state }]);
    assert.deepEqual(await tagsIn(home), []);
  });

  it('show a key in a question as it is: no link, no image, no icon, no HTML', async () => {
    const asked = await prepare('tagObject', TAG);
    const [, ...lines] = asked.split('\n');
    assert.ok(shown(asked).includes('[x](command:workbench.action.quit)'));
    // The bars are of the table that the tags are in.
    const rest = lines
      .join('\n')
      .replace(/^\|.*\|$/gm, line => line.slice(1, -1).replaceAll(' | ', ''));
    assert.doesNotMatch(rest, /[[\]()<>`$!|\\\u202e]/);
  });

  it('act only as it was agreed to: once, for this account, with this input', async () => {
    const refused = /Nothing was done: this wasn’t confirmed/;
    await assert.rejects(invoke('tagObject', TAG), refused);
    await prepare('tagObject', TAG);
    await assert.rejects(invoke('tagObject', { ...TAG, tags: { state: 'other' } }), refused);
    await assert.rejects(invoke('tagObject', { ...TAG, connection: 'work' }), refused);
    connections.set([work, home]);
    await assert.rejects(invoke('tagObject', TAG), refused);
    connections.set([home, work]);
    await putObjectTags(home.clients.s3(), { ...OBJECT, tags: [{ key: 'new', value: '1' }] });
    await assert.rejects(invoke('tagObject', TAG), /tags/);
    assert.deepEqual(await tagsIn(home), [{ key: 'new', value: '1' }]);
    assert.deepEqual(await tagsIn(work), []);
  });

  it('that are called at the same time do each what was agreed to for it', async () => {
    const other = { ...TAG, connection: 'work', tags: { state: 'raw' } };
    await Promise.all([prepare('tagObject', TAG), prepare('tagObject', other)]);
    const twice = [invoke('tagObject', TAG), invoke('tagObject', TAG), invoke('tagObject', other)];
    const done = await Promise.allSettled(twice);
    assert.deepEqual(
      done.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await tagsIn(home), [{ key: 'state', value: TAG.tags.state }]);
    assert.deepEqual(await tagsIn(work), [{ key: 'state', value: 'raw' }]);
  });
});
