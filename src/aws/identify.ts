import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { validateAnswers } from './answers/validateAnswers.ts';
import { call, type CallOptions } from './call.ts';
import { sdkConfig, settingsOf, type CallerIdentity, type ClientConfig } from './clients.ts';
import { endWaiting } from './endWaiting.ts';
import { BrigadeError } from './errors.ts';
import { requestHandler } from './requestHandler.ts';

/**
 * Asks STS who the credentials belong to. Needs no permission, so it is the test of a connection.
 *
 * @throws BrigadeError `CredentialsMissing`, `CredentialsExpired`, `Network` …
 */
export async function identify(
  config: ClientConfig,
  options: CallOptions = {},
): Promise<CallerIdentity> {
  const sts = new STSClient(sdkConfig('sts', config, requestHandler(undefined, config.proxyEnv)));
  const client = endWaiting(validateAnswers(sts, new Set()));
  try {
    // A Region may have no address: of no host, or not with FIPS or dual-stack.
    const subject = await call('AWS STS', options, () =>
      stsName(client, settingsOf(config).endpoints.sts),
    );
    return await call(subject, options, async () => {
      const output = await client.send(new GetCallerIdentityCommand({}), {
        abortSignal: options.signal,
      });
      return identityOf(output.Account, output.Arn, output.UserId);
    });
  } finally {
    client.destroy();
  }
}

/** Named by its host even where the network says nothing of it, as when time runs out. */
async function stsName({ config }: STSClient, own: string | undefined): Promise<string> {
  const url =
    own ??
    config.endpointProvider({
      Region: await config.region(),
      UseFIPS: await config.useFipsEndpoint(),
      UseDualStack: await config.useDualstackEndpoint(),
      UseGlobalEndpoint: false,
    }).url;
  return `AWS STS (${new URL(url).host})`;
}

function identityOf(accountId = '', arn = '', userId = ''): CallerIdentity {
  const partition = arn.split(':')[1];
  if (accountId === '' || partition === undefined) {
    throw new BrigadeError('Unknown', 'STS answered without an account', {
      problem: { kind: 'noAccount' },
    });
  }
  return { accountId, arn, userId, partition };
}
