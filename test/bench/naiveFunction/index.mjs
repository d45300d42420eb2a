// The usual tutorial function, to measure ours against: the SDK as it is installed, the object read
// whole into memory, and sharp's defaults.
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sharp from 'sharp';

const client = new S3Client();

export async function handler(event) {
  const { bucket, object } = event.Records[0].s3;
  const key = decodeURIComponent(object.key.replace(/\+/g, ' '));
  const source = await client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
  const content = Buffer.concat(await source.Body.toArray());
  const resized = await sharp(content).resize(200).toBuffer();
  await client.send(
    new PutObjectCommand({
      Bucket: `${bucket.name}-resized`,
      Key: `resized-${key}`,
      Body: resized,
      ContentType: 'image',
    }),
  );
  return { statusCode: 200 };
}
