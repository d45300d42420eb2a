"""Tags objects as a script without batch jobs would: boto3 and a pool of 16 threads.

Usage: tag_pool.py ENDPOINT BUCKET, keys on stdin, a line each; credentials in the environment.
Prints the seconds it took. boto3's clients may be shared by threads.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

THREADS = 16
endpoint, bucket = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=endpoint, config=Config(max_pool_connections=THREADS))
keys = sys.stdin.read().splitlines()
tags = {"TagSet": [{"Key": "phototype", "Value": "finished"}]}


def tag(key: str) -> None:
    s3.put_object_tagging(Bucket=bucket, Key=key, Tagging=tags)


tag(keys[0])  # connects and loads what boto3 loads on its first call
start = time.perf_counter()
with ThreadPoolExecutor(THREADS) as pool:
    for _ in pool.map(tag, keys):
        pass
print(time.perf_counter() - start)
