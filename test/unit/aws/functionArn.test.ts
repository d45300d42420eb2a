import { describe, expect, it } from 'vitest';
import { functionName, isFunctionArn, unqualified } from '../../../src/aws/functionArn.ts';

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:Image-Resize_1';

describe('the ARN of a function', () => {
  it.each([ARN, `${ARN}:live`, `${ARN}:$LATEST`, `${ARN}:42`, ARN.replace('aws', 'aws-us-gov')])(
    '%s',
    arn => {
      expect(isFunctionArn(arn)).toBe(true);
      expect(unqualified(arn)).toBe(arn.split(':').slice(0, 7).join(':'));
      expect(functionName(arn)).toBe(arn.slice(arn.indexOf('Image')));
    },
  );

  it.each([
    'Image-Resize_1',
    `${ARN}:`,
    `${ARN}:a:b`,
    ARN.replace('123456789012', '1'),
    ARN.replace('function', 'layer'),
    'arn:aws:iam::123456789012:role/r',
    `${ARN}${'x'.repeat(64)}`,
  ])('is not %s', text => {
    expect(isFunctionArn(text)).toBe(false);
    expect(functionName(text)).toBe(text);
  });
});
