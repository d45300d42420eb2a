import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { logGroupOf } from '../functionArn.ts';
import type { Json } from './yamlText.ts';

/** What a function can have besides what the extension sets, as CreateFunction names it. */
export type FunctionSettings = Readonly<Record<string, Json>>;

/** What no export holds, where a function has it. */
const UNKNOWN = ['TenancyConfig', 'CapacityProviderConfig', 'DurableConfig'] as const;

/**
 * What is set of a function besides what Lambda gives every one: a template without it would take it
 * away.
 */
export function functionSettings(found: FunctionConfiguration): FunctionSettings {
  const { VpcConfig: vpc, Layers: layers = [], FileSystemConfigs: mounts = [] } = found;
  const dualStack = vpc?.Ipv6AllowedForDualStack === true;
  const all: Readonly<Record<string, unknown>> = {
    VpcConfig: (vpc?.SubnetIds?.length ?? 0) > 0 && {
      SubnetIds: vpc?.SubnetIds,
      SecurityGroupIds: vpc?.SecurityGroupIds,
      ...(dualStack && { Ipv6AllowedForDualStack: true }),
    },
    Layers: layers.length > 0 && layers.map(({ Arn }) => Arn),
    FileSystemConfigs:
      mounts.length > 0 && mounts.map(({ Arn, LocalMountPath }) => ({ Arn, LocalMountPath })),
    DeadLetterConfig: found.DeadLetterConfig?.TargetArn !== undefined && found.DeadLetterConfig,
    KMSKeyArn: found.KMSKeyArn,
    TracingConfig: found.TracingConfig?.Mode === 'Active' && { Mode: 'Active' },
    EphemeralStorage: (found.EphemeralStorage?.Size ?? 512) !== 512 && found.EphemeralStorage,
    SnapStart: found.SnapStart?.ApplyOn === 'PublishedVersions' && { ApplyOn: 'PublishedVersions' },
    LoggingConfig: hasOwnLogging(found) && found.LoggingConfig,
  };
  const set = Object.entries(all).filter(([, value]) => value !== undefined && value !== false);
  return JSON.parse(JSON.stringify(Object.fromEntries(set))) as FunctionSettings;
}

/** The names of what is set and not in `functionSettings`. */
export function unknownSettings(found: FunctionConfiguration): string[] {
  return UNKNOWN.filter(name => (found as Readonly<Record<string, unknown>>)[name] !== undefined);
}

function hasOwnLogging({ LoggingConfig: logging, FunctionName: name = '' }: FunctionConfiguration) {
  const group = logging?.LogGroup ?? logGroupOf(name);
  return logging?.LogFormat === 'JSON' || group !== logGroupOf(name);
}
