import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-lambda';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';

export interface FunctionTags {
  readonly functionArn: string;
  readonly region?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Adds tags, or gives them new values; a function's other tags stay. @throws BrigadeError */
export async function tagFunction(
  clients: AwsClients,
  { functionArn, region, tags }: FunctionTags,
  options: CallOptions = {},
): Promise<void> {
  const command = new TagResourceCommand({ Resource: functionArn, Tags: { ...tags } });
  await call(functionArn, options, () =>
    clients.lambda(region).send(command, { abortSignal: options.signal }),
  );
}

/** Removes tags by their keys. @throws BrigadeError */
export async function untagFunction(
  clients: AwsClients,
  input: {
    readonly functionArn: string;
    readonly region?: string;
    readonly keys: readonly string[];
  },
  options: CallOptions = {},
): Promise<void> {
  const command = new UntagResourceCommand({
    Resource: input.functionArn,
    TagKeys: [...input.keys],
  });
  await call(input.functionArn, options, () =>
    clients.lambda(input.region).send(command, { abortSignal: options.signal }),
  );
}
