import type { ErrorFacts } from '../aws/errorFacts.ts';
import { fromErrorFacts } from '../aws/errorFacts.ts';
import type { FromWorker, PlainCredentials, ToWorker } from './protocol.ts';
import { sessionClients } from './sessionClients.ts';
import { TaskRunner } from './taskRunner.ts';

/**
 * The worker: a process of its own that does bulk work for one window, ordered by messages of its parent
 * (`protocol.ts`). Its one argument is the folder of the journal. It ends with its window.
 */
const [root = ''] = process.argv.slice(2);
const questions = new Map<number, PromiseWithResolvers<PlainCredentials>>();
let asked = 0;

const runner = new TaskRunner({
  root,
  send,
  clientsOf: session => sessionClients(session, askCredentials),
});
process.on('message', (message: ToWorker) => receive(message));
// The window is gone, however it went; the journal knows how far we are.
process.on('disconnect', () => process.exit());

function send(message: FromWorker): void {
  // Nobody is left to hear it.
  if (process.connected) process.send?.(message);
}

function askCredentials(session: number): Promise<PlainCredentials> {
  const request = ++asked;
  const question = Promise.withResolvers<PlainCredentials>();
  questions.set(request, question);
  send({ kind: 'credentials', request, session });
  return question.promise;
}

function receive(message: ToWorker): void {
  switch (message.kind) {
    case 'run':
      void runner.run(message, message.task);
      break;
    case 'cancel':
      runner.cancel(message.id);
      break;
    case 'pause':
      runner.pause(message.id, message.isPaused);
      break;
    case 'discard':
      void runner.discard(message);
      break;
    case 'credentials':
      answer(message.request, message.credentials, message.error);
  }
}

function answer(request: number, credentials?: PlainCredentials, error?: ErrorFacts): void {
  const question = questions.get(request);
  questions.delete(request);
  if (credentials) question?.resolve(credentials);
  else question?.reject(error ? fromErrorFacts(error) : new Error('No credentials'));
}
