import { parseArgs } from 'node:util';

/** How a command is called. */
export function usageOf({ command, title }: { command: string; title: string }): string {
  return `Usage: ${command} --profile NAME [--region REGION] [--yes] [--clean]

  --profile NAME   run ${title} on the AWS account of this profile
  --region REGION  where, if not in the profile's own Region
  --yes            don't ask first
  --clean          remove what runs that were killed have left in the account
`;
}

export interface Options {
  readonly profile: string;
  readonly region?: string;
  readonly yes: boolean;
  readonly clean: boolean;
}

/** @throws Error whose message is for the user */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: { type: 'string' },
      region: { type: 'string' },
      yes: { type: 'boolean', default: false },
      clean: { type: 'boolean', default: false },
    },
  });
  const { profile, region, yes, clean } = values;
  if (!profile) throw new Error('Set the profile: --profile NAME.');
  return { profile, ...(region !== undefined && { region }), yes, clean };
}
