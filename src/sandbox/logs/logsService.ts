import { jsonService } from '../jsonProtocol.ts';
import type { JsonServiceOptions } from '../jsonProtocol.ts';
import type { ServiceAdapter } from '../serviceAdapter.ts';
import { filterLogEvents } from './filterLogEvents.ts';
import { getLogEvents } from './getLogEvents.ts';
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './groupOperations.ts';
import { listTagsForResource, tagResource, untagResource } from './groupTags.ts';
import type { LogsContext } from './logsContext.ts';
import { constraintError } from './logsErrors.ts';
import { putLogEvents } from './putLogEvents.ts';
import { createLogStream, deleteLogStream, describeLogStreams } from './streamOperations.ts';

const OPTIONS: JsonServiceOptions<LogsContext> = {
  name: 'logs',
  signingName: 'logs',
  targetPrefixes: ['Logs_20140328'],
  version: '1.1',
  // A batch of a megabyte of messages, each character of which may be written as six.
  maxBody: 8 * 1024 * 1024,
  missing: path => constraintError(path, null, 'not be null'),
  operations: {
    CreateLogGroup: createLogGroup,
    CreateLogStream: createLogStream,
    DeleteLogGroup: deleteLogGroup,
    DeleteLogStream: deleteLogStream,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    FilterLogEvents: filterLogEvents,
    GetLogEvents: getLogEvents,
    ListTagsForResource: listTagsForResource,
    PutLogEvents: putLogEvents,
    PutRetentionPolicy: putRetentionPolicy,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
};

/** Amazon CloudWatch Logs. */
export const logsService = (context: LogsContext): ServiceAdapter => jsonService(OPTIONS, context);
