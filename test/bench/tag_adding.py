"""Adds one tag to objects as a script would: boto3, GetObjectTagging and PutObjectTagging, 32 threads.

Usage: tag_adding.py ENDPOINT BUCKET KEY=VALUE, keys on stdin, a line each; credentials in the
environment. Prints the seconds it took. boto3's clients may be shared by threads.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

THREADS = 32
endpoint, bucket, added = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=endpoint, config=Config(max_pool_connections=THREADS))
keys = sys.stdin.read().splitlines()
name, value = added.split("=")


def tag(key: str) -> None:
    found = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    kept = [each for each in found if each["Key"] != name]
    tags = {"TagSet": [*kept, {"Key": name, "Value": value}]}
    s3.put_object_tagging(Bucket=bucket, Key=key, Tagging=tags)


s3.get_object_tagging(Bucket=bucket, Key=keys[0])  # connects and loads what the first call loads
start = time.perf_counter()
with ThreadPoolExecutor(THREADS) as pool:
    for _ in pool.map(tag, keys):
        pass
print(time.perf_counter() - start)
