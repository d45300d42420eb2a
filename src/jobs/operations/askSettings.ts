import type { OperationSettings, SettingsOperation } from '../../aws/batchJobs/jobOperation.ts';
import type { Session } from '../../services.ts';
import type { PromptPosition } from '../../vscode/prompts.ts';
import { askAcl } from './askAcl.ts';
import { askChecksum, askRestore } from './askArchive.ts';
import { askCopy } from './askCopy.ts';
import { askNewEncryption } from './askEncryption.ts';
import { askLegalHold, askRetention } from './askLock.ts';

/**
 * Asks what an operation has to be told.
 *
 * @param before the same operation as it was answered before, or of the job that is cloned
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askSettings(
  position: PromptPosition,
  session: Session,
  name: keyof OperationSettings,
  before: SettingsOperation | undefined,
): Promise<SettingsOperation> {
  switch (name) {
    case 'S3PutObjectCopy': {
      const known = before?.name === name ? before.settings : undefined;
      return { name, settings: await askCopy(position, session, known) };
    }
    case 'S3InitiateRestoreObject': {
      const known = before?.name === name ? before.settings : undefined;
      return { name, settings: await askRestore(position, known) };
    }
    case 'S3ComputeObjectChecksum': {
      const known = before?.name === name ? before.settings : undefined;
      return { name, settings: await askChecksum(position, known) };
    }
    case 'S3UpdateObjectEncryption': {
      const known = before?.name === name ? before.settings : undefined;
      return { name, settings: await askNewEncryption(position, known) };
    }
    case 'S3PutObjectLegalHold': {
      const known = before?.name === name ? before.settings : undefined;
      return { name, settings: await askLegalHold(position, known) };
    }
    case 'S3PutObjectRetention': {
      const known = before?.name === name ? before.settings : undefined;
      return { name, settings: await askRetention(position, known) };
    }
    case 'S3PutObjectAcl': {
      const known = before?.name === name ? before.settings : undefined;
      return { name, settings: await askAcl(position, known) };
    }
    case 'S3ReplicateObject':
      return { name, settings: {} };
  }
}
