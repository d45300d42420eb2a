import { ExtensionMode, l10n, window, type ExtensionContext } from 'vscode';
import { join } from 'node:path';
import { registerAssistant } from './assistant/register.ts';
import { registerConnections } from './connections/register.ts';
import { registerExplorer } from './explorer/register.ts';
import type { Services } from './services.ts';
import { registerJobs } from './jobs/register.ts';
import { registerMetrics } from './metrics/register.ts';
import { LazyBulkWorker } from './vscode/bulkWorker.ts';
import { DocumentProvider } from './vscode/documents.ts';
import { registerResize } from './resize/register.ts';
import { errorForLog } from './vscode/errorLog.ts';
import { log } from './vscode/log.ts';
import { registerUnaskedCommands } from './vscode/registerCommand.ts';

/** Registers the features; nothing heavy is loaded and nothing is started before it is used. */
export function activate(context: ExtensionContext): void {
  const started = performance.now();
  context.subscriptions.push(log);
  try {
    registerFeatures(context);
    log.debug(`activated in ${(performance.now() - started).toFixed(1)} ms`);
  } catch (error) {
    // VS Code itself shows nothing when an extension fails to activate.
    log.error(`activation failed: ${errorForLog(error)}`);
    void window.showErrorMessage(l10n.t('Bucket Brigade couldn’t start. See its log for details.'));
    throw error;
  }
}

function registerFeatures(context: ExtensionContext): void {
  if (context.extensionMode === ExtensionMode.Test) registerUnaskedCommands();
  const storage = context.storageUri ?? context.globalStorageUri;
  const documents = new DocumentProvider(join(storage.fsPath, 'documents'));
  const connections = registerConnections({ context, log, documents });
  const worker = new LazyBulkWorker({
    program: context.asAbsolutePath(join('dist', 'worker.js')),
    root: join(context.globalStorageUri.fsPath, 'tasks'),
    connections,
  });
  const services: Services = { context, log, connections, documents, worker };
  context.subscriptions.push(
    connections,
    documents,
    worker,
    connections.onDidOpen(session => void worker.offerUnfinished(session)),
    registerExplorer(services),
    registerJobs({ ...services, onDidOpen: connections.onDidOpen }),
    registerResize(services),
    registerMetrics(services),
    registerAssistant(services),
  );
}
