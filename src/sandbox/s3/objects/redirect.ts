import { AwsError } from '../../errors.ts';

/** Where a website leads who asks for the object; kept with it, whether its bucket is a website or not. */
export const REDIRECT = 'x-amz-website-redirect-location';

/** @throws AwsError InvalidRedirectLocation for what is neither a page nor an address */
export function checkRedirect(headers: Readonly<Record<string, string>> | undefined): void {
  const location = headers?.[REDIRECT];
  if (location === undefined || /^(https?:\/)?\//.test(location)) return;
  throw new AwsError(
    'InvalidRedirectLocation',
    400,
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  );
}
