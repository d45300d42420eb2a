import { l10n } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { LocalSandbox } from './localSandbox.ts';
import { SandboxStartError } from './sandboxProcess.ts';

/** Why the sandbox did not start, as a sentence to show: `describeError` shows it as it is. */
export function sandboxError(error: unknown, sandbox: LocalSandbox): unknown {
  if (!(error instanceof SandboxStartError)) return error;
  const failed = sandbox.folderUnusable ? 'SandboxFolder' : 'SandboxFailed';
  const code = error.failure === 'stopped' ? 'SandboxStopped' : failed;
  return new BrigadeError(code, sentence(error, sandbox), { cause: error });
}

function sentence({ failure, message }: SandboxStartError, sandbox: LocalSandbox): string {
  const { dataDir, port } = sandbox;
  switch (failure) {
    case 'portTaken':
      return l10n.t(
        'The local sandbox can’t use port {0}: another program is using it. Change the setting {1} to another port, or to 0 for a free one.',
        port,
        'bucketBrigade.sandbox.port',
      );
    case 'dataFolder':
      return l10n.t('The local sandbox can’t write to its folder {0}.', dataDir);
    case 'diskFull':
      return l10n.t('The local sandbox can’t start: the disk of {0} is full.', dataDir);
    case 'inUse':
      return l10n.t('Another program is using the local sandbox’s folder: {0}', dataDir);
    case 'damagedFolder':
      return l10n.t(
        'The local sandbox’s folder {0} is damaged: {1}. Restore it from a backup, or reset the sandbox; this folder is kept.',
        dataDir,
        damageIn(message),
      );
    case 'newerFolder':
      return l10n.t(
        'The local sandbox’s folder {0} was used by a newer version of Bucket Brigade. Update the extension, or reset the sandbox; this folder is kept.',
        dataDir,
      );
    case 'foreignFolder':
      return l10n.t(
        'The local sandbox’s folder {0} contains another program’s database. Reset the sandbox; this folder is kept.',
        dataDir,
      );
    case 'timeout':
      return l10n.t('The local sandbox didn’t respond in time. See the log for details.');
    case 'stopped':
      return l10n.t('The local sandbox is stopped.');
    case 'crashed':
      return l10n.t('The local sandbox didn’t start: {0}', lastLine(message));
  }
}

/** What the sandbox says is damaged. */
function damageIn(message: string): string {
  return / is damaged: (.*)\. Put a good copy back/.exec(message)?.[1] ?? lastLine(message);
}

/** What a crashing program says last is its exit code; the line before says why. */
function lastLine(message: string): string {
  const lines = message.split('\n').filter(line => line.trim() !== '');
  return lines.findLast(line => /error/i.test(line)) ?? lines.at(-1) ?? message;
}
