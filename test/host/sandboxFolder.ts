import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * The data folder of the sandbox that these tests start. Tests and extension share a process, so
 * this import, before the extension is activated, tells it.
 */
export const sandboxFolder = (process.env['BUCKET_BRIGADE_SANDBOX_DATA'] ??= mkdtempSync(
  path.join(tmpdir(), 'bb-host-'),
));
