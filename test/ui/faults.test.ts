import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

describe('faults on request', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench.close());

  const connection = (): Locator =>
    workbench.page.locator('[id="bucket-brigade.bucket-brigade.bucketBrigade.connection"]');
  const reads = (text: string | RegExp): Promise<void> =>
    connection().filter({ hasText: text }).waitFor();

  test('are shown in the status bar as long as they are on, with what they are', async () => {
    await workbench.openContainer();
    await workbench.page.getByText('Start Local Sandbox').first().click();
    await workbench.row('images-').waitFor();
    await reads(/us-east-1\s*$/);
    const file = path.join(workbench.sandboxFolder, 'faults.json');
    const rules = [
      { fault: 'SlowDown', service: 's3', operation: 'PutObjectTagging', share: 0.2 },
      { fault: 'lateRole', seconds: 10 },
    ];
    writeFileSync(file, JSON.stringify({ rules }));
    await reads(/us-east-1\s*Faults On/);
    await connection().hover();
    await workbench.page.getByText('SlowDown s3:PutObjectTagging 20 %; lateRole 10 s').waitFor();
    await workbench.screenshots('faults');
    writeFileSync(file, '{"rules":[{"fault":"slow"}]}');
    await reads('Invalid faults.json');
    await workbench.screenshots('faults-invalid');
    rmSync(file);
    await reads(/us-east-1\s*$/);
  });
});
