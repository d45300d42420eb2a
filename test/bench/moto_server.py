"""moto's server on 127.0.0.1 with a bucket of N small objects made in its memory beforehand.

Usage: moto_server.py BUCKET KEYS. Making the objects by requests would take minutes, and how they
came to be does not change how they are listed. It stops when its standard input ends.
"""

import os
import sys
import threading

from moto.s3.models import s3_backends
from moto.server import main

bucket, count = sys.argv[1], int(sys.argv[2])
backend = s3_backends["123456789012"]["aws"]
backend.create_bucket(bucket, "us-east-1")
for number in range(count):
    backend.put_object(bucket, f"many/{number:07d}", b"x", disable_notification=True)


def stop_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=stop_with_parent, daemon=True).start()
main(["-H", "127.0.0.1", "-p", "0"])
