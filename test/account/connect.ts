import { createInterface } from 'node:readline/promises';
import { readConfigFiles } from '../../src/aws/connection/configFiles.ts';
import { clientSettings } from '../../src/aws/connection/clientSettings.ts';
import { renewingCredentials } from '../../src/aws/connection/credentials.ts';
import { ConfigFault } from '../../src/aws/connection/configProblem.ts';
import { resolveConnection } from '../../src/aws/connection/resolveConnection.ts';
import { identify } from '../../src/aws/identify.ts';
import { openClients, type OpenedClients } from '../../src/aws/openClients.ts';
import type { Options } from './options.ts';
import { pinnedCredentials } from './pinnedAccount.ts';

/**
 * The clients of a profile, as the extension makes them; whatever becomes of the profile, they reach no
 * other account.
 *
 * @throws BrigadeError
 */
export async function connect(
  { profile, region: chosen }: Pick<Options, 'profile' | 'region'>,
  signal: AbortSignal,
): Promise<OpenedClients> {
  const read = async () =>
    resolveConnection({ profile, region: chosen }, await readConfigFiles(), process.env);
  const settings = await read().catch((error: unknown) => {
    const { cause } = error as { cause?: unknown };
    if (!(cause instanceof ConfigFault) || cause.problem.kind !== 'noProfile') throw error;
    const { file = 'the AWS config file' } = cause.problem;
    throw new Error(`No profile ${profile} in ${file}.`, { cause: error });
  });
  const region = settings.region?.value;
  if (region === undefined) {
    throw new Error(`The profile ${profile} has no Region. Set one with --region.`);
  }
  const proxyEnv = process.env;
  const credentials = renewingCredentials(async () => {
    const now = await read();
    const mfaCode = (serial: string) => ask(`Code of the MFA device ${serial}: `, signal);
    const credentialSettings = clientSettings(now, now.credentialEndpoints);
    return { source: now.credentials, region, settings: credentialSettings, mfaCode, proxyEnv };
  });
  const shared = { region, settings: clientSettings(settings), proxyEnv };
  // Without the signal: what was made is removed after an interruption too.
  const accountOf = async (own: Awaited<ReturnType<typeof credentials>>): Promise<string> =>
    (await identify({ ...shared, credentials: own })).accountId;
  const { provider, pin } = pinnedCredentials(profile, credentials, accountOf);
  const opened = await openClients({ ...shared, credentials: provider }, { signal });
  pin(opened.identity.accountId);
  return opened;
}

/** Asks on the terminal; the empty answer when there is nobody. */
export async function ask(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C at a prompt is a signal like any other.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const ended = new Promise<string>(resolve => lines.once('close', () => resolve('')));
  try {
    return (await Promise.race([lines.question(question, { signal }), ended])).trim();
  } finally {
    lines.close();
  }
}
