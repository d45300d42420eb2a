import { afterEach } from 'vitest';
import { openWorkbenches } from './workbench.ts';

// What a test that failed left open would be in the way of those that come after it.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const workbench of openWorkbenches)
    await workbench.leaveNothingOpen().catch(() => undefined);
});
