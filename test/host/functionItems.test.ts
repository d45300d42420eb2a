import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createFunctionWithRole } from '../../src/aws/functions/functionRole.ts';
import { functionItems, pickFunction } from '../../src/vscode/functionItems.ts';
import { functionZip } from '../support/functionZip.ts';
import { startExplorerFixture, type ExplorerFixture } from './explorerFixture.ts';
import { press } from './press.ts';

const REGION = 'us-east-1';

describe('the functions to choose from', () => {
  let on: ExplorerFixture;
  beforeEach(async () => {
    on = await startExplorerFixture();
  });
  afterEach(() => on.close());

  const items = () => functionItems(on.clients, REGION, new AbortController().signal);

  async function create(functionName: string): Promise<void> {
    const bytes = await functionZip('exports.handler = async () => {};');
    await createFunctionWithRole(on.clients, {
      functionName,
      newRole: `${functionName}-role`,
      region: REGION,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      architecture: 'x86_64',
      memoryMegabytes: 128,
      timeoutSeconds: 3,
      code: { kind: 'zipFile', bytes },
    });
  }

  it('say so when there is none', async () => {
    assert.deepEqual(await items(), [{ label: `No functions in ${REGION}` }]);
  });

  it('are those of the Region, but for those that are left out', async () => {
    await create('first');
    await create('second');
    const found = await items();
    assert.deepEqual(
      found.map(({ label, description, chosen }) => [label, description, chosen]),
      ['first', 'second'].map(name => [
        name,
        'nodejs24.x',
        `arn:aws:lambda:${REGION}:${on.sandbox.accountId}:function:${name}`,
      ]),
    );
    const question = { placeholder: 'Which?', region: REGION, except: ['first'] };
    const picked = pickFunction({ title: 'Functions' }, on.clients, question);
    await press('accept');
    assert.match(await picked, /:second$/);
  });

  it('are not listed for who may not, who is told why', async () => {
    const clients = await on.roleClients(['lambda:GetFunction']);
    const [denied, ...more] = await functionItems(clients, REGION, new AbortController().signal);
    clients.destroy();
    assert.equal(denied?.label, 'Functions can’t be listed');
    assert.match(denied.detail ?? '', /lambda:ListFunctions/);
    assert.equal(denied.chosen, undefined);
    assert.deepEqual(more, []);
  });
});
