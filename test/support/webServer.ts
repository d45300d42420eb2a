import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WebVsCode } from './vsCode.ts';

const SUPERVISOR = fileURLToPath(new URL('supervisor.ts', import.meta.url));
const START_TIMEOUT_MS = 120_000;

export interface WebServerOptions {
  /** Holds the user data, the extensions and the log of this run. */
  readonly folder: string;
  readonly settings: Record<string, unknown>;
  /** Where extensions are installed; a new, empty folder when absent. */
  readonly extensionsFolder?: string;
  /**
   * The workbench is a person's, not a test's: then VS Code shows messages by itself, and takes no
   * extension from its sources by its address.
   */
  readonly forPerson?: boolean;
  /** Added to the environment of the extension host. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What the workbench is opened with. All paths are absolute. */
export interface Opening {
  readonly workspaceFolder: string;
  /** An extension to run from its sources, as F5 does. */
  readonly extensionPath?: string;
  /** A CommonJS module whose `run()` the extension host calls. */
  readonly testsPath?: string;
}

export interface WebServer {
  readonly logFile: string;
  address(opening: Opening): string;
  /** Replaces the user's settings; an open workbench follows. */
  setSettings(settings: Record<string, unknown>): void;
  close(): Promise<void>;
}

/**
 * Starts VS Code's own server on a free port of 127.0.0.1.
 *
 * @throws Error with the server's words when it does not come up within two minutes.
 */
export async function startWebServer(
  vsCode: WebVsCode,
  options: WebServerOptions,
): Promise<WebServer> {
  const { folder } = options;
  writeSettings(folder, options.settings);
  const logFile = join(folder, 'server.log');
  const server = spawn(
    process.execPath,
    [SUPERVISOR, vsCode.node, ...serverFlags(vsCode, options)],
    {
      env: { ...withoutVsCodeVariables(process.env), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const port = await listeningPort(server, logFile);
  const authority = `127.0.0.1:${port}`;
  return {
    logFile,
    address: opening => workbenchAddress(authority, opening),
    setSettings: settings => writeSettings(folder, settings),
    close: () => closeServer(server),
  };
}

function writeSettings(folder: string, settings: Record<string, unknown>): void {
  // Settings of the scope `machine` count only where the extension host runs.
  for (const scope of ['User', 'Machine']) {
    mkdirSync(join(folder, 'user', scope), { recursive: true });
    const text = JSON.stringify(settings, undefined, 2);
    writeFileSync(join(folder, 'user', scope, 'settings.json'), text);
  }
}

function serverFlags(vsCode: WebVsCode, options: WebServerOptions): string[] {
  const { folder } = options;
  return [
    vsCode.serverMain,
    ...['--host', '127.0.0.1', '--port', '0'],
    '--without-connection-token',
    '--accept-server-license-terms',
    ...['--user-data-dir', join(folder, 'user')],
    ...['--server-data-dir', join(folder, 'server')],
    ...['--extensions-dir', options.extensionsFolder ?? join(folder, 'extensions')],
    // Without it a built VS Code ignores the payload that names the extension and its tests; with it
    // no message pops up.
    ...(options.forPerson === true ? [] : ['--enable-smoke-test-driver']),
    '--disable-workspace-trust',
    ...['--telemetry-level', 'off'],
  ];
}

/** A VS Code started from a terminal of another one would take that one's place. */
function withoutVsCodeVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_RUN_AS_NODE)/.test(name),
  );
  return Object.fromEntries(kept);
}

function workbenchAddress(authority: string, opening: Opening): string {
  const remote = `vscode-remote://${authority}`;
  const payload = [
    opening.extensionPath && ['extensionDevelopmentPath', remote + opening.extensionPath],
    opening.testsPath && ['extensionTestsPath', remote + opening.testsPath],
  ].filter(Boolean);
  const query = new URLSearchParams({ folder: opening.workspaceFolder });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://${authority}/?${query.toString()}`;
}

function listeningPort(server: ChildProcess, logFile: string): Promise<number> {
  const log = createWriteStream(logFile);
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (reason: string): void => {
      server.stdin?.end();
      reject(new Error(`VS Code's server ${reason}:\n${text}`));
    };
    const timer = setTimeout(() => fail('did not start'), START_TIMEOUT_MS);
    const read = (chunk: string): void => {
      log.write(chunk);
      text = (text + chunk).slice(-10_000);
      const port = /Extension host agent listening on (\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    server.stdout?.setEncoding('utf8').on('data', read);
    server.stderr?.setEncoding('utf8').on('data', read);
    server.once('exit', code => {
      clearTimeout(timer);
      log.end();
      fail(`ended with code ${String(code)}`);
    });
  });
}

function closeServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  const closed = new Promise<void>(resolve => server.once('exit', () => resolve()));
  server.stdin?.end();
  return closed;
}
