"""Resizes files as the usual tutorial function does: FOLDER WIDTH QUALITY FILE...

Prints the seconds it took, without the loading of code.
"""

import sys
import time

from PIL import Image

folder, width, quality, *files = sys.argv[1:]
start = time.perf_counter()
for index, file in enumerate(files):
    with Image.open(file) as image:
        format = image.format
        image.thumbnail((int(width), 100_000))
        image.save(f"{folder}/{index}", format, quality=int(quality))
print(time.perf_counter() - start)
