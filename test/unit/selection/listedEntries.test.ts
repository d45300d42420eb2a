import { expect, it } from 'vitest';
import { entriesOf } from '../../../src/aws/selection/listedEntries.ts';

it('entries of a listing are read whatever the order of their elements', () => {
  const text =
    '<ListVersionsResult><KeyMarker>x</KeyMarker>' +
    '<Version><VersionId>v1</VersionId><Owner><ID>1</ID></Owner><Size>5</Size><Key>a&amp;b&#x41;&#66;</Key></Version>' +
    '<DeleteMarker><Key>gone</Key></DeleteMarker>' +
    '<Version>\n  <Key>c</Key>\n  <StorageClass>GLACIER</StorageClass><LastModified>2026</LastModified></Version>' +
    '</ListVersionsResult>';
  const none = { Size: undefined, LastModified: undefined, StorageClass: undefined };
  expect(entriesOf(text, 'Version')).toMatchObject([
    { ...none, Key: 'a&bAB', Size: '5', VersionId: 'v1' },
    { ...none, Key: 'c', StorageClass: 'GLACIER', LastModified: '2026', VersionId: undefined },
  ]);
});

it('half an entry is none', () => {
  expect(entriesOf('<ListBucketResult><Contents><Key>a</Key>', 'Contents')).toEqual([]);
});
