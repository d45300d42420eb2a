import { asciiJson, oneLine, shellWord } from '../shellText.ts';
import type { DeploymentFacts } from './deploymentFacts.ts';
import { importable } from './importable.ts';

/** What to do with a template, as comments before it. */
export function templateHead(facts: DeploymentFacts): string[] {
  const { name, code, leftOut, hiddenVariables } = facts.function;
  const path = shellWord(code.path ?? code.name);
  const taken = importable(facts);
  const last = taken.length === 0 ? '' : ' Importing=false';
  return [
    `Deploys the Lambda function ${name} for uploads to s3://${facts.bucket}/, in ${facts.region}.`,
    ...(leftOut.length === 0 ? [] : [`Not included; set it yourself: ${leftOut.join(', ')}.`]),
    ...(code.path === undefined
      ? [
          'Only Lambda has its zip. To download it:',
          `  curl -o ${path} "$(aws lambda get-function --function-name ${name} --query Code.Location --output text)"`,
        ]
      : []),
    'Copy its zip to a bucket in that Region:',
    `  aws s3 cp ${path} ${shellWord(`s3://BUCKET/${code.name}`)}`,
    ...(taken.length === 0 ? existing(facts) : importing(taken)),
    taken.length === 0 ? 'Create the stack:' : 'Then add the rest:',
    '  aws cloudformation deploy --template-file template.yaml --stack-name NAME \\',
    `    --capabilities CAPABILITY_NAMED_IAM --parameter-overrides CodeBucket=BUCKET${last}`,
    ...(hiddenVariables.length === 0
      ? []
      : ['Environment variables that may contain secrets are parameters: set them each time.']),
  ].map(line => `# ${oneLine(line)}`);
}

function importing(taken: readonly object[]): string[] {
  return [
    'The function already exists. Import it with its resources, which changes none of them:',
    '  aws cloudformation create-change-set --stack-name NAME --change-set-name import \\',
    '    --change-set-type IMPORT --capabilities CAPABILITY_NAMED_IAM --template-body file://template.yaml \\',
    '    --parameters ParameterKey=CodeBucket,ParameterValue=BUCKET ParameterKey=Importing,ParameterValue=true \\',
    `    --resources-to-import ${shellWord(asciiJson(taken))}`,
    '  aws cloudformation wait change-set-create-complete --stack-name NAME --change-set-name import',
    '  aws cloudformation execute-change-set --stack-name NAME --change-set-name import',
    '  aws cloudformation wait stack-import-complete --stack-name NAME',
  ];
}

/** Only parts of it: a stack would fail to make them again. */
function existing({ role, logGroup, function: deployed }: DeploymentFacts): string[] {
  const there = [
    ...(deployed.exists ? [`function ${deployed.name}`] : []),
    ...('name' in role && role.exists ? [`role ${role.name}`] : []),
    ...(logGroup.exists ? [`log group ${logGroup.name}`] : []),
  ];
  if (there.length === 0) return [];
  return [
    `These already exist: ${there.join(', ')}.`,
    'A stack can’t create them again: delete them first, or change their names in this template.',
  ];
}
