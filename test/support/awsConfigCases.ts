/**
 * Config files and environments, each with the first request that the AWS CLI sends for it
 * (`aws --debug`, aws-cli 1.45), or what it says instead of sending one.
 */
export interface AwsConfigCase {
  readonly name: string;
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `--profile`; undefined is the Environment connection. */
  readonly profile?: string;
  /** Whose operation is called; S3's ListBuckets unless said. */
  readonly service?: string;
  /** `KEY region service @ address`; `-` for a request that is not signed. */
  readonly sends?: string;
  /** What the CLI says. */
  readonly refuses?: RegExp;
  /** The kind of problem we name. */
  readonly problem?: string;
  /** Ours where it is not the CLI's, and why. */
  readonly ours?: { readonly sends?: string; readonly problem?: string; readonly because: string };
  /** Tokens that `aws sso login` has left, by what they are kept under. */
  readonly tokens?: Readonly<Record<string, string>>;
}

const keys = (name: string, id: string): string =>
  `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = secret\n`;

const SSO_TOKEN = JSON.stringify({
  accessToken: 'token',
  expiresAt: '2099-01-01T00:00:00Z',
});

const CORP =
  '[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n';
const SSO = 'sso_account_id = 111122223333\nsso_role_name = Admin\nregion = eu-west-1\n';
const S3_ONLY = '[services mine]\ns3 =\n  endpoint_url = http://127.0.0.1:2\n';

export const AWS_CONFIG_CASES: readonly AwsConfigCase[] = [
  {
    name: 'another profile has an endpoint (case 1)',
    config: '[default]\nendpoint_url = http://127.0.0.1:9\n[profile prod]\nregion = eu-west-1\n',
    credentials: keys('prod', 'PROD') + keys('default', 'DEFAULT'),
    profile: 'prod',
    sends: 'PROD eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'the same for STS, which is asked first',
    config: '[default]\nendpoint_url = http://127.0.0.1:9\n[profile prod]\nregion = eu-west-1\n',
    credentials: keys('prod', 'PROD'),
    profile: 'prod',
    service: 'sts',
    sends: 'PROD eu-west-1 sts @ https://sts.eu-west-1.amazonaws.com',
  },
  {
    name: 'AWS_PROFILE counts for nothing once a profile is named',
    config:
      '[profile other]\nregion = us-west-2\nendpoint_url = http://127.0.0.1:9\n[profile p]\nregion = eu-west-1\n',
    credentials: keys('p', 'P') + keys('other', 'OTHER'),
    env: { AWS_PROFILE: 'other' },
    profile: 'p',
    sends: 'P eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'the environment’s keys count for nothing once a profile is named',
    config: '[profile p]\nregion = eu-west-1\n',
    credentials: keys('p', 'P'),
    env: { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 'secret' },
    profile: 'p',
    sends: 'P eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'the environment’s Region and endpoint count more than a named profile’s',
    config: '[profile p]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\n',
    credentials: keys('p', 'P'),
    env: { AWS_DEFAULT_REGION: 'us-west-2', AWS_ENDPOINT_URL: 'http://127.0.0.1:2' },
    profile: 'p',
    sends: 'P us-west-2 s3 @ http://127.0.0.1:2',
  },
  {
    name: 'a service’s own variable counts most',
    config: '[profile p]\nregion = eu-west-1\n',
    credentials: keys('p', 'P'),
    env: {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://127.0.0.1:2',
    },
    profile: 'p',
    service: 'cloudwatch_logs',
    sends: 'P eu-west-1 logs @ http://127.0.0.1:2',
  },
  {
    name: 'the general variable counts more than the profile’s services',
    config: `[profile p]\nregion = eu-west-1\nservices = mine\n${S3_ONLY.replace(':2', ':9')}`,
    credentials: keys('p', 'P'),
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:2' },
    profile: 'p',
    sends: 'P eu-west-1 s3 @ http://127.0.0.1:2',
  },
  {
    name: 'a services section with S3 only: S3',
    config: `[profile p]\nregion = eu-west-1\nservices = mine\n${S3_ONLY}`,
    credentials: keys('p', 'P'),
    profile: 'p',
    sends: 'P eu-west-1 s3 @ http://127.0.0.1:2',
  },
  {
    name: 'a services section with S3 only: Lambda is at AWS',
    config: `[profile p]\nregion = eu-west-1\nservices = mine\n${S3_ONLY}`,
    credentials: keys('p', 'P'),
    profile: 'p',
    service: 'lambda',
    sends: 'P eu-west-1 lambda @ https://lambda.eu-west-1.amazonaws.com',
  },
  {
    name: 'a services section with S3 only: S3 Control is at AWS',
    config: `[profile p]\nregion = eu-west-1\nservices = mine\n${S3_ONLY}`,
    credentials: keys('p', 'P'),
    profile: 'p',
    service: 's3_control',
    sends: 'P eu-west-1 s3 @ https://s3-control.eu-west-1.amazonaws.com',
  },
  {
    name: 'a services section and a general endpoint: S3 Control has the general one',
    config: `[profile p]\nregion = eu-west-1\nservices = mine\nendpoint_url = http://127.0.0.1:3\n${S3_ONLY}`,
    credentials: keys('p', 'P'),
    profile: 'p',
    service: 'lambda',
    sends: 'P eu-west-1 lambda @ http://127.0.0.1:3',
  },
  {
    name: 'a services section that is not there',
    config: '[profile p]\nregion = eu-west-1\nservices = gone\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    refuses: /services configuration does not exist/,
    problem: 'missingSection',
  },
  {
    name: 'configured endpoints are ignored by the profile',
    config:
      '[profile p]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\nignore_configured_endpoint_urls = true\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    sends: 'P eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'configured endpoints are ignored by the environment',
    config: '[profile p]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\n',
    credentials: keys('p', 'P'),
    env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'TRUE', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    profile: 'p',
    sends: 'P eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'the environment’s false counts more than the profile’s true',
    config:
      '[profile p]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:2\nignore_configured_endpoint_urls = true\n',
    credentials: keys('p', 'P'),
    env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' },
    profile: 'p',
    sends: 'P eu-west-1 s3 @ http://127.0.0.1:2',
  },
  {
    name: 'FIPS and dual stack',
    config:
      '[profile p]\nregion = us-west-2\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    sends: 'P us-west-2 s3 @ https://s3-fips.dualstack.us-west-2.amazonaws.com',
  },
  {
    name: 'FIPS is no concern of another address',
    config:
      '[profile p]\nregion = us-west-2\nuse_fips_endpoint = true\nendpoint_url = http://127.0.0.1:2\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    sends: 'P us-west-2 s3 @ http://127.0.0.1:2',
  },
  {
    name: 'FIPS of another profile',
    config: '[default]\nuse_fips_endpoint = true\n[profile p]\nregion = us-west-2\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    sends: 'P us-west-2 s3 @ https://s3.us-west-2.amazonaws.com',
  },
  {
    name: 'dual stack for S3 only',
    config: '[profile p]\nregion = us-west-2\ns3 =\n  use_dualstack_endpoint = true\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    sends: 'P us-west-2 s3 @ https://s3.dualstack.us-west-2.amazonaws.com',
  },
  {
    name: 'the credentials file counts more than the config file',
    config: '[profile p]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:9\n',
    credentials: `${keys('p', 'P')}region = us-west-2\nendpoint_url = http://127.0.0.1:2\n`,
    profile: 'p',
    sends: 'P us-west-2 s3 @ http://127.0.0.1:2',
  },
  {
    name: 'keys of the config file',
    config: `${keys('profile p', 'CONFIG')}region = eu-west-1\n`,
    profile: 'p',
    sends: 'CONFIG eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'the environment alone',
    env: {
      AWS_ACCESS_KEY_ID: 'ENV',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_DEFAULT_REGION: 'eu-west-1',
    },
    sends: 'ENV eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'the environment’s keys count more than AWS_PROFILE’s, whose Region counts',
    config: '[profile p]\nregion = eu-west-1\n',
    credentials: keys('p', 'P'),
    env: { AWS_PROFILE: 'p', AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 'secret' },
    sends: 'ENV eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'without AWS_PROFILE it is the default profile',
    config: '[default]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:2\n',
    credentials: keys('default', 'DEFAULT'),
    sends: 'DEFAULT eu-west-1 s3 @ http://127.0.0.1:2',
  },
  {
    name: 'AWS_PROFILE of a profile that is not there',
    env: { AWS_PROFILE: 'gone' },
    refuses: /profile \(gone\) could not be found/,
    problem: 'noProfile',
  },
  {
    name: 'a name in quotation marks',
    config: '[profile "my prof"]\nregion = eu-west-1\n',
    credentials: keys('my prof', 'MY'),
    profile: 'my prof',
    sends: 'MY eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'a name with a space and no quotation marks',
    config: `${keys('profile my prof', 'MY')}region = eu-west-1\n`,
    profile: 'my prof',
    refuses: /profile \(my prof\) could not be found/,
    problem: 'sectionName',
  },
  {
    name: 'a section of the config file without the word profile',
    config: `${keys('prod', 'PROD')}region = eu-west-1\n`,
    profile: 'prod',
    refuses: /profile \(prod\) could not be found/,
    problem: 'noPrefix',
  },
  {
    name: 'a comment behind a value is part of it',
    config: '[profile p]\nregion = eu-west-1 # Ireland\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    refuses: /doesn't match a supported format/,
    problem: 'badValue',
  },
  {
    name: 'colons, capitals and comments on lines of their own',
    config: '# mine\n[profile p]\nRegion: eu-west-1\n; old\n  # region = us-east-1\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    sends: 'P eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
  },
  {
    name: 'a section twice',
    config: '[profile p]\nregion = eu-west-1\n[profile p]\nregion = us-west-2\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    refuses: /Unable to parse config file/,
    problem: 'line',
  },
  {
    name: 'a line that is no setting, in another profile',
    config: '[profile other]\nnonsense\n[profile p]\nregion = eu-west-1\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    refuses: /Unable to parse config file/,
    ours: {
      sends: 'P eu-west-1 s3 @ https://s3.eu-west-1.amazonaws.com',
      because: 'what is wrong in one section keeps no other from being used',
    },
  },
  {
    name: 'a role: STS is asked with the keys of the source, where the role’s profile says',
    config:
      '[profile base]\nregion = us-west-2\nendpoint_url = http://127.0.0.1:9\n' +
      '[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\nregion = eu-west-1\n',
    credentials: keys('base', 'BASE'),
    profile: 'dev',
    sends: 'BASE eu-west-1 sts @ https://sts.eu-west-1.amazonaws.com',
  },
  {
    name: 'a role whose source profile is not there',
    config: '[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = gone\n',
    profile: 'dev',
    refuses: /source_profile "gone" referenced in the profile "dev" does not exist/,
    problem: 'missingSection',
  },
  {
    name: 'source profiles that go in a circle',
    config:
      '[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = b\nregion = eu-west-1\n' +
      '[profile b]\nrole_arn = arn:aws:iam::111122223333:role/B\nsource_profile = a\n',
    profile: 'a',
    refuses: /Infinite loop/,
    problem: 'cycle',
  },
  {
    name: 'a role that names itself as its source and has keys',
    config:
      `${keys('profile a', 'OWN')}role_arn = arn:aws:iam::111122223333:role/A\n` +
      'source_profile = a\nregion = eu-west-1\n',
    profile: 'a',
    sends: 'OWN eu-west-1 sts @ https://sts.eu-west-1.amazonaws.com',
  },
  {
    name: 'a role with neither source_profile nor credential_source',
    config: '[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nregion = eu-west-1\n',
    profile: 'a',
    refuses: /Partial credentials/,
    problem: 'missingKeys',
  },
  {
    name: 'a role by the environment’s keys',
    config:
      '[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\ncredential_source = Environment\nregion = eu-west-1\n',
    env: { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 'secret' },
    profile: 'a',
    sends: 'ENV eu-west-1 sts @ https://sts.eu-west-1.amazonaws.com',
  },
  {
    name: 'a role by a source that nobody knows',
    config:
      '[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\ncredential_source = Moon\nregion = eu-west-1\n',
    profile: 'a',
    refuses: /"Moon" referenced in profile "a" is not valid/,
    problem: 'badValue',
  },
  {
    name: 'a role over a sign-in (case 10)',
    config:
      `[profile base]\nsso_session = corp\n${SSO}${CORP}` +
      '[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\nregion = us-west-2\n',
    profile: 'dev',
    tokens: { corp: SSO_TOKEN },
    sends: '- @ https://portal.sso.eu-west-1.amazonaws.com',
  },
  {
    name: 'a sign-in goes where the profile says, not where another does',
    config:
      `[default]\nendpoint_url = http://127.0.0.1:9\n` +
      `[profile p]\nsso_session = corp\nservices = mine\n${SSO}${CORP}[services mine]\nsso =\n  endpoint_url = http://127.0.0.1:2\n`,
    profile: 'p',
    tokens: { corp: SSO_TOKEN },
    sends: '- @ http://127.0.0.1:2',
  },
  {
    name: 'a sign-in session with a space in its name (case 11)',
    config: `[profile p]\nsso_session = My Corp\n${SSO}${CORP.replace('session corp', "session 'My Corp'")}`,
    profile: 'p',
    tokens: { 'My Corp': SSO_TOKEN },
    sends: '- @ https://portal.sso.eu-west-1.amazonaws.com',
  },
  {
    name: 'a sign-in session that is not there (case 11)',
    config: `[profile p]\nsso_session = gone\n${SSO}`,
    profile: 'p',
    refuses: /sso-session does not exist: "gone"/,
    problem: 'missingSection',
  },
  {
    name: 'a sign-in session without a start URL',
    config: `[profile p]\nsso_session = corp\n${SSO}[sso-session corp]\nsso_region = eu-west-1\n`,
    profile: 'p',
    refuses: /missing required configuration: sso_start_url/,
    problem: 'missingKeys',
  },
  {
    name: 'a sign-in counts more than keys of the same profile',
    config: `${keys('profile p', 'P')}sso_session = corp\n${SSO}${CORP}`,
    profile: 'p',
    tokens: { corp: SSO_TOKEN },
    sends: '- @ https://portal.sso.eu-west-1.amazonaws.com',
  },
  {
    name: 'a Region of a profile that is named in none, from another',
    config: '[default]\nregion = us-west-2\n[profile p]\noutput = json\n',
    credentials: keys('p', 'P'),
    profile: 'p',
    service: 'lambda',
    refuses: /You must specify a region/,
    problem: 'noRegion',
  },
];
