import type { AwsClients } from '../clients.ts';

/**
 * By how many seconds CloudWatch's clock is ahead of ours. The SDK takes it from each answer's Date
 * header, so that it is 0 before the first.
 */
export function clockOffset(clients: AwsClients, region: string): number {
  return Math.round(clients.cloudWatch(region).config.systemClockOffset / 1000);
}
