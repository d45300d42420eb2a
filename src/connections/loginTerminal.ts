import { spawn, type ChildProcess } from 'node:child_process';
import { homedir } from 'node:os';
import { EventEmitter, l10n, window, type Pseudoterminal } from 'vscode';
import { guardChild } from '../system/childProcess.ts';

/**
 * Runs the aws CLI in a terminal of its own, which stays open afterwards so that it can be read.
 * No shell is there to misread a profile's name.
 *
 * @param onDidSucceed called when the CLI has ended well.
 */
export function openLoginTerminal(
  label: string,
  args: readonly string[],
  onDidSucceed: () => unknown,
): void {
  const terminal = window.createTerminal({
    name: l10n.t('Sign in to AWS: {0}', label),
    pty: loginTerminal('aws', args, onDidSucceed),
  });
  terminal.show();
}

/** Milliseconds that a sign-in may take: longer than the ten minutes that the code in the browser is good for. */
const LOGIN_LIMIT_MS = 15 * 60_000;

/** A terminal around one program: shows what it prints, hands on what is typed, and stays. */
export function loginTerminal(
  program: string,
  args: readonly string[],
  onDidSucceed: () => unknown,
  limitMs = LOGIN_LIMIT_MS,
): Pseudoterminal {
  const written = new EventEmitter<string>();
  const closed = new EventEmitter<number | undefined>();
  let child: ChildProcess | undefined;
  let hasEnded = false;
  let limit: NodeJS.Timeout | undefined;
  const print = (text: string): void => written.fire(text.replace(/\r?\n/g, '\r\n'));
  const end = (text: string): void => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(limit);
    print(`\n${text}\n${l10n.t('Press any key to close this terminal.')}\n`);
  };
  return {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open() {
      print(`> ${[program, ...args].join(' ')}\n`);
      // Not the workspace's folder: where no aws CLI is on the path, a program there must not pass for it.
      const started = guardChild(
        spawn(program, args, { cwd: homedir(), windowsHide: true }),
        error => child?.pid === undefined && end(failure(program, error)),
      );
      child = started;
      limit = setTimeout(() => {
        started.kill();
        end(l10n.t('Stopped: the sign-in took too long.'));
      }, limitMs);
      child.stdout?.setEncoding('utf8').on('data', print);
      child.stderr?.setEncoding('utf8').on('data', print);
      child.on('close', code => {
        if (code === 0) onDidSucceed();
        end(
          code === 0
            ? l10n.t('Signed in.')
            : l10n.t('The AWS CLI exited with code {0}.', code ?? '?'),
        );
      });
    },
    handleInput(text) {
      if (hasEnded) closed.fire(undefined);
      else if (text === '\u0003') child?.kill('SIGINT');
      else child?.stdin?.write(text.replace(/\r/g, '\n'));
    },
    close() {
      hasEnded = true;
      clearTimeout(limit);
      // Not what it has started: that may be the browser.
      child?.kill();
    },
  };
}

function failure(program: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? l10n.t('The AWS CLI ({0}) isn’t on the PATH of VS Code. Install it to sign in here.', program)
    : error.message;
}
