import { dnsSuffix } from '../awsHosts.ts';
import { consoleHost } from '../consoleAddress.ts';
import { consoleLink } from './consoleLink.ts';

const ARN = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12})?:(.+)$/;

/**
 * The page of AWS's console about where an event is sent: an SQS queue, an SNS topic, an EventBridge event
 * bus, a Lambda function or a bucket.
 *
 * @param region of what sends it, for a bucket's ARN has none
 * @returns undefined for other ARNs, and in a partition whose console is not known
 */
export function destinationLink(arn: string, region: string): string | undefined {
  const [, partition = '', service, of = '', accountId = '', name = ''] = ARN.exec(arn) ?? [];
  if (service === 's3') return consoleLink({ bucket: name }, region);
  switch (service) {
    case 'sqs': {
      const queue = `https://sqs.${of}.${dnsSuffix(partition)}/${accountId}/${name}`;
      return page('sqs/v3', of, `/queues/${encodeURIComponent(queue)}`);
    }
    case 'sns':
      return page('sns/v3', of, `/topic/${encodeURI(arn)}`);
    case 'events':
      return eventRulesLink(of);
    case 'lambda':
      return page('lambda', of, `/functions/${encodeURIComponent(name.split(':')[1] ?? '')}`);
    default:
      return undefined;
  }
}

/** The page of AWS's console with the rules of EventBridge in a Region; undefined where it is not known. */
export function eventRulesLink(region: string): string | undefined {
  return page('events', region, '/rules');
}

function page(service: string, region: string, fragment: string): string | undefined {
  const host = consoleHost(region);
  if (host === undefined || region === '') return undefined;
  return `https://${region}.${host}/${service}/home?region=${region}#${fragment}`;
}
