import path from 'node:path';
import { workspace, type Disposable, type Event } from 'vscode';
import type { Connections, Services, Session } from '../services.ts';
import { ActiveConnections } from './activeConnections.ts';
import { registerConnectionCommands } from './connectionCommands.ts';
import { registerSandboxCommands } from './sandboxCommands.ts';

/** The connections and their commands. Nothing is read, sent or started before somebody asks. */
export function registerConnections({
  context,
  log,
  documents,
}: Pick<Services, 'context' | 'log' | 'documents'>): Connections &
  Disposable & { readonly onDidOpen: Event<Session> } {
  const connections = new ActiveConnections(
    { global: context.globalState, workspace: context.workspaceState },
    {
      program: context.asAbsolutePath(path.join('dist', 'sandbox.js')),
      // Tests and `npm start` keep their sandbox apart from the user's.
      dataDir:
        process.env['BUCKET_BRIGADE_SANDBOX_DATA'] ||
        path.join(context.globalStorageUri.fsPath, 'sandbox'),
      settings: sandboxSettings,
      onLog: line => log.info(`[sandbox] ${line}`),
    },
  );
  connections.add(registerConnectionCommands(connections, documents));
  connections.add(registerSandboxCommands(connections));
  return connections;
}

function sandboxSettings(): { port: number; taskDelay: number } {
  const settings = workspace.getConfiguration('bucketBrigade.sandbox');
  return { port: settings.get('port', 0), taskDelay: settings.get('taskDelay', 0) };
}
