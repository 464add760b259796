"""python3 python.py /…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog"""

import json
import sys
import time

file = sys.argv[1]
try:
    with open(file, encoding="utf-8") as text:
        dog = json.load(text)
    value = dog["data"]
    left = dog["gen_time"] / 1000 + dog["expires_in"] - time.time()
except Exception:  # a missing or damaged file counts as expired
    value, left = "", 0
if not isinstance(value, str) or not value or not left > 0:
    sys.exit(f"No valid value in {file}: is Guard Dog running?")
print(value)
