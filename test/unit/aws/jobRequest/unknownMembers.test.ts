import { describe, expect, it } from 'vitest';
import { unknownMembers } from '../../../../src/aws/batchJobs/request/unknownMembers.ts';

function answer(job: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<DescribeJobResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Job>
  <JobId>00e123a4</JobId><!-- a comment --><FutureProgress><A>1</A></FutureProgress>${job}
</Job></DescribeJobResult>`;
}

describe('unknownMembers', () => {
  it('finds nothing in what the SDK reads all of', () => {
    const job = `<Operation><S3PutObjectCopy><TargetResource>arn:aws:s3:::b</TargetResource>
      <NewObjectMetadata><UserMetadata><entry><key>Any</key><value>v</value></entry></UserMetadata></NewObjectMetadata>
      <NewObjectTagging><member><Key>a</Key><Value>b</Value></member></NewObjectTagging>
      </S3PutObjectCopy></Operation>
      <ManifestGenerator><S3JobManifestGenerator><SourceBucket>arn:aws:s3:::b</SourceBucket>
      <Filter><KeyNameConstraint><MatchAnyPrefix><member>in/</member></MatchAnyPrefix></KeyNameConstraint>
      <MatchAnyObjectEncryption><ObjectEncryption><SSE-KMS><BucketKeyEnabled>true</BucketKeyEnabled></SSE-KMS></ObjectEncryption></MatchAnyObjectEncryption>
      </Filter><ManifestOutputLocation><ManifestEncryption><SSE-S3/></ManifestEncryption></ManifestOutputLocation>
      </S3JobManifestGenerator></ManifestGenerator>
      <Manifest><Spec><Format>f</Format><Fields><member>Bucket</member></Fields></Spec></Manifest>
      <Report><Enabled>false</Enabled></Report><Status>Active</Status>`;
    expect(unknownMembers(answer(job))).toEqual([]);
  });

  it('finds what AWS has learned since, wherever it stands, and not what is in it', () => {
    const job = `<Operation><S3PutObjectRetention><Retention><Mode>GOVERNANCE</Mode>
      <EventHold><Status>ON</Status><Days>3</Days></EventHold></Retention></S3PutObjectRetention>
      <S3Future/></Operation>
      <ManifestGenerator><S3JobManifestGenerator><Filter><MatchAnyTag><member><Key>a</Key></member></MatchAnyTag>
      <CreatedAfter>2026-01-01T00:00:00Z</CreatedAfter></Filter></S3JobManifestGenerator></ManifestGenerator>
      <Report><Enabled>true</Enabled><Encryption x="a>b"/></Report>`;
    expect(unknownMembers(answer(job))).toEqual([
      'Operation.S3PutObjectRetention.Retention.EventHold',
      'Operation.S3Future',
      'ManifestGenerator.S3JobManifestGenerator.Filter.MatchAnyTag',
      'Report.Encryption',
    ]);
  });
});
