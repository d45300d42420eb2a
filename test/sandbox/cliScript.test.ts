import type { StepDetail } from '../../src/aws/deployment/step.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PutBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliScript } from '../../src/aws/export/cliScript.ts';
import { planFacts } from '../../src/aws/export/planFacts.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import type { DeploymentTarget } from '../../src/aws/resizeDeployment/target.ts';
import { DEFAULT_SETTINGS } from '../../src/aws/resizeFunction/resizeSettings.ts';
import { HANDLER, startDeploymentWorld, zipOf, type DeploymentWorld } from './deploymentWorld.ts';
import { cliInstalled, shell } from './pythonClients.ts';

/** Something of others that must survive. */
const OTHERS: NotificationConfiguration = { EventBridgeConfiguration: {} };
const AWKWARD = { prefix: `-it's $HOME/\`id\`!"ü 한/`, suffixes: ['.jpg', '.it’s "png'] };

// Skipped where the AWS CLI is not on PATH: that is what runs the script.
describe.runIf(cliInstalled)('a deployment as commands of the AWS CLI', () => {
  let world: DeploymentWorld;
  let folder: string;
  let path: string;
  beforeAll(async () => {
    world = await startDeploymentWorld();
    folder = await mkdtemp(join(tmpdir(), "it's a folder "));
    path = join(folder, 'resize.zip');
    await writeFile(path, await zipOf(HANDLER));
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  const notify = (bucket: string, NotificationConfiguration: NotificationConfiguration) =>
    world.clients.s3().send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration,
      }),
    );
  const run = async (target: DeploymentTarget) => {
    const plan = await planDeployment(world.clients, target);
    const script = cliScript(await planFacts(world.clients, plan, { name: 'resize.zip', path }));
    expect(script).not.toContain(world.sandbox.secretAccessKey);
    await shell(world.sandbox, script);
  };
  const remaining = async (target: DeploymentTarget) =>
    (await planDeployment(world.clients, target)).steps.filter(({ action }) => action !== 'keep');

  it('makes what the extension makes, and changes it as the extension does', async () => {
    const settings = { ...DEFAULT_SETTINGS, keyTemplate: `{folder}it's $1 "{name}".webp` };
    const target = await world.target({ ...AWKWARD, settings });
    await notify(target.bucket, OTHERS);
    await run(target);
    expect(await remaining(target)).toEqual([]);
    const made = await world.state(target);
    expect(made).toMatchObject({ notifications: OTHERS });

    // The same by the extension itself, under other names.
    const twin = await world.target({ ...AWKWARD, settings });
    await notify(twin.bucket, OTHERS);
    await applyDeployment(world.clients, await planDeployment(world.clients, twin));
    const renamed = JSON.stringify(await world.state(twin))
      .replaceAll(twin.bucket, target.bucket)
      .replaceAll(twin.functionName, target.functionName)
      .replaceAll(nameOf(twin), nameOf(target));
    expect(JSON.parse(JSON.stringify(made))).toEqual(JSON.parse(renamed));

    const FunctionName = target.functionName;
    const Variables = { TEAM: `-it's`, WIDTHS: '100', DESTINATION_BUCKET: 'elsewhere' };
    await world.clients
      .lambda()
      .send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    const next = { ...target, memoryMegabytes: 1024, suffixes: ['.webp'] };
    await run(next);
    expect(await world.state(next)).toMatchObject({
      function: { environment: { TEAM: `-it's` }, memoryMegabytes: 1024 },
      notifications: { ...OTHERS, LambdaFunctionConfigurations: [{}] },
    });
    const left = (await remaining(next)).flatMap(({ details }) => details);
    expect(left.filter(detail => !isAboutWidths(detail))).toEqual([]);
  }, 600_000);

  it('changes nothing of others, nor in another account', async () => {
    const target = await world.target();
    const plan = await planDeployment(world.clients, target);
    const facts = await planFacts(world.clients, plan, { name: 'resize.zip', path });
    const other = cliScript({ ...facts, accountId: '999999999999' });
    await expect(shell(world.sandbox, other)).rejects.toThrow(
      /These credentials belong to account 123456789012, not 999999999999/,
    );
    const stranger = await world.target();
    await applyDeployment(world.clients, await planDeployment(world.clients, stranger));
    const { functionName, role } = stranger;
    const before = await world.state(stranger);
    const taken = { ...plan, target: { ...target, functionName, role } };
    const clash = cliScript(await planFacts(world.clients, taken, { name: 'resize.zip', path }));
    await expect(shell(world.sandbox, clash)).rejects.toThrow(/wasn't created for bucket-/);
    expect(await world.state(stranger)).toEqual(before);
  }, 600_000);
});

function nameOf({ role }: DeploymentTarget): string {
  return 'name' in role ? role.name : role.arn;
}

/** The script sets what the function does by default, which a plan shows as a change. */
function isAboutWidths(detail: StepDetail): boolean {
  return typeof detail === 'object' && 'name' in detail && detail.name === 'WIDTHS';
}
