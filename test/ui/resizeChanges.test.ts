import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;
const ASSETS = `assets-${LAB_NUMBER}`;

describe('what is deployed, made and removed', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench({ theme: 'light' });
    await workbench.openContainer();
    await workbench.page.getByText('Start Local Sandbox').first().click();
    await workbench.row(IMAGES).waitFor();
  });
  afterAll(() => workbench.close());

  test('a function of a zip is made after a review of all answers, with a new role', async () => {
    await workbench.expand(ASSETS);
    await workbench.contextMenu('function.zip', 'Create Lambda Function from Zip…');
    await workbench.asked('Name of the Lambda function');
    await workbench.type('MadeByHand');
    await workbench.accept();
    await workbench.pick('Create Role…');
    await workbench.asked('Name of the new role');
    await workbench.accept();
    await workbench.quickInput().getByText('Select a setting to change').waitFor();
    await workbench.pick('Handler');
    await workbench.asked('Handler');
    await workbench.accept();
    await workbench.quickInput().getByText('index.handler').waitFor();
    await workbench.screenshot('create-function-light');
    await workbench.pick('Create Function');
    await workbench.message('MadeByHand is active');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  test('a deployment that fails says why, and that nothing was left behind', async () => {
    const lambda = await lambdaClient();
    await planDeployment();
    // Somebody is faster.
    await createFunction(lambda, 'ImageResizeFunction');
    await workbench.pick('Apply');
    await workbench.preview().getByText('choose another name.').first().waitFor();
    await workbench.message('ImageResizeFunction');
    await workbench.screenshot('resize-failed-light');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  test('removing shows what goes and what stays, and asks', async () => {
    await planDeployment('AnotherResizeFunction');
    await workbench.pick('Apply');
    await workbench.preview().getByText('✓ Deployed.').waitFor();
    await workbench.contextMenu(IMAGES, 'Remove Resize Function…');
    await workbench.pick('Keep Log Group');
    await workbench.asked('resources deployed');
    await workbench.preview().getByText('Nothing was deleted yet').waitFor();
    await workbench.screenshot('resize-remove-light');
    await workbench.pick('Remove');
    await workbench.preview().getByText('✓ Removed.').waitFor();
    await workbench.message(`Images uploaded to ${IMAGES} are no longer resized.`);
    await workbench.screenshot('resize-removed-light');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.contextMenu(IMAGES, 'Remove Resize Function…');
    await workbench.message(`Bucket Brigade hasn’t deployed anything for ${IMAGES}.`);
  });

  async function planDeployment(name = 'ImageResizeFunction'): Promise<void> {
    await workbench.contextMenu(IMAGES, 'Deploy Resize Function…');
    await workbench.asked('Name of the Lambda function');
    await workbench.type(name);
    await workbench.accept();
    await workbench.asked('Bucket for the resized images');
    await workbench.accept();
    await workbench.pick('Create Role…');
    await workbench.asked('Name of the new role');
    await workbench.accept();
    await workbench.quickInput().getByPlaceholder('Continue, or select a setting').waitFor();
    await workbench.pick('Continue');
    await workbench.quickInput().getByPlaceholder('Apply the plan').waitFor();
  }

  /** Another program, with the address that the extension gives for it. */
  async function lambdaClient(): Promise<LambdaClient> {
    await workbench.runCommand('Bucket Brigade: Copy Sandbox Environment Variables');
    let copied = '';
    await expect
      .poll(async () => (copied = await workbench.page.evaluate('navigator.clipboard.readText()')))
      .toContain('AWS_ENDPOINT_URL');
    const value = (name: string): string =>
      new RegExp(`${name}=['"]?([^'"\\s]+)`).exec(copied)![1]!;
    const credentials = {
      accessKeyId: value('AWS_ACCESS_KEY_ID'),
      secretAccessKey: value('AWS_SECRET_ACCESS_KEY'),
    };
    return new LambdaClient({
      endpoint: value('AWS_ENDPOINT_URL'),
      region: value('AWS_REGION'),
      credentials,
    });
  }

  async function createFunction(lambda: LambdaClient, FunctionName: string): Promise<void> {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: 'arn:aws:iam::123456789012:role/S3LambdaRole',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { S3Bucket: ASSETS, S3Key: 'function.zip' },
      }),
    );
    lambda.destroy();
  }
});
