// The runtime that runs inside a function's process, in the place of AWS's Node.js runtime. It imports
// nothing of the sandbox: with the function's code it is all there is.
import { loadHandler } from './loadHandler.ts';
import type { Handler } from './loadHandler.ts';
import { confineModules } from './moduleScope.ts';
import { RuntimeClient } from './runtimeClient.ts';
import { patchConsole, setLoggedRequest } from './runtimeConsole.ts';
import { logTextOf, reportOf, RuntimeError } from './runtimeErrors.ts';
import { invokeHandler } from './invokeHandler.ts';
import { writeMark } from './telemetry.ts';

const { env } = process;
const client = new RuntimeClient(env['AWS_LAMBDA_RUNTIME_API'] ?? '');
/** The invocation that is answered by whatever happens next. */
let current: string | undefined;

patchConsole(env['AWS_LAMBDA_LOG_FORMAT'], env['AWS_LAMBDA_LOG_LEVEL']);
// Only Node inside Electron needs it, to start as Node again; a function must not see it elsewhere.
if (process.versions['electron'] === undefined) delete env['ELECTRON_RUN_AS_NODE'];
confineModules(env['LAMBDA_TASK_ROOT'] ?? process.cwd());
process.on('uncaughtException', thrown => void endBy('Uncaught Exception', thrown, 129));
process.on('unhandledRejection', reason => {
  const error = new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason), reason);
  void endBy('Unhandled Promise Rejection', error, 128);
});
process.on('beforeExit', () => {
  if (current === undefined) return;
  const message =
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';
  void endBy('Invoke Error', new RuntimeError('Runtime.NodeJsExit', message), 13);
});

/** Reports what can't be handled, and ends the process: the next invocation gets a new one. */
async function endBy(title: string, thrown: unknown, code: number): Promise<void> {
  console.error(title, logTextOf(thrown));
  const requestId = current;
  current = undefined;
  if (requestId === undefined) {
    await client.failInit(reportOf(thrown));
  } else {
    writeMark(requestId);
    await client.fail(requestId, reportOf(thrown));
  }
  process.exit(code);
}

async function init(): Promise<Handler | undefined> {
  try {
    const handler = await loadHandler(env['LAMBDA_TASK_ROOT'] ?? '', env['_HANDLER'] ?? '');
    checkSignature(handler);
    return handler;
  } catch (thrown) {
    await endBy('Uncaught Exception', thrown, 1);
    return undefined;
  }
}

/** Node.js 24 on Lambda has no callbacks, and judges by the number of declared parameters. */
function checkSignature(handler: Handler): void {
  const major = Number(/nodejs(\d+)/.exec(env['AWS_EXECUTION_ENV'] ?? '')?.[1] ?? 24);
  if (handler.length < 3 || major < 24) return;
  throw new RuntimeError(
    'Runtime.CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  );
}

async function serve(handler: Handler): Promise<void> {
  for (;;) {
    const { requestId, headers, event } = await client.next();
    current = requestId;
    setLoggedRequest(requestId);
    const outcome = await invokeHandler(handler, requestId, headers, event);
    // The process may have been ended by a stray error meanwhile.
    current = undefined;
    if ('thrown' in outcome) {
      console.error('Invoke Error', logTextOf(outcome.thrown));
      writeMark(requestId);
      await client.fail(requestId, reportOf(outcome.thrown));
    } else {
      writeMark(requestId);
      await client.respond(requestId, outcome.body);
    }
  }
}

const handler = await init();
if (handler !== undefined) await serve(handler);
