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
        'The local sandbox cannot listen on port {0}: another program has it. Choose another in the setting {1}, or 0 for a free one.',
        port,
        'bucketBrigade.sandbox.port',
      );
    case 'dataFolder':
      return l10n.t('The local sandbox cannot write to its folder {0}.', dataDir);
    case 'diskFull':
      return l10n.t('The local sandbox cannot start: the disk of {0} is full.', dataDir);
    case 'inUse':
      return l10n.t('Another program uses the folder of the local sandbox: {0}', dataDir);
    case 'damagedFolder':
      return l10n.t(
        'The folder of the local sandbox, {0}, is damaged: {1}. Put a good copy back, or reset the sandbox: it then begins with a new folder, and this one is kept.',
        dataDir,
        damageIn(message),
      );
    case 'newerFolder':
      return l10n.t(
        'A newer version of Bucket Brigade has used the folder of the local sandbox, {0}. Update the extension, or reset the sandbox: it then begins with a new folder, and this one is kept.',
        dataDir,
      );
    case 'foreignFolder':
      return l10n.t(
        'The folder of the local sandbox, {0}, holds the database of another program. Reset the sandbox: it then begins with a new folder, and this one is kept.',
        dataDir,
      );
    case 'timeout':
      return l10n.t('The local sandbox did not answer in time. The log has the details.');
    case 'stopped':
      return l10n.t('The local sandbox is stopped.');
    case 'crashed':
      return l10n.t('The local sandbox did not start: {0}', lastLine(message));
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
