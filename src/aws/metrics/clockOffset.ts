import type { AwsClients } from '../clients.ts';

/**
 * By how many seconds, in whole minutes, CloudWatch's clock is ahead of ours. The SDK takes it from
 * each answer's Date header, so that it is 0 before the first, and moves by a second now and then.
 */
export function clockOffset(clients: AwsClients, region: string): number {
  return Math.round(clients.cloudWatch(region).config.systemClockOffset / 60_000) * 60;
}
