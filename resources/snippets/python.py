"""python3 python.py /…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog"""

import json
import sys
import time

file = sys.argv[1]
try:
    with open(file, encoding="utf-8") as text:
        dog = json.load(text)
except (OSError, ValueError):  # absent is as good as dead
    dog = {"gen_time": 0, "expires_in": 0}
if dog["gen_time"] / 1000 + dog["expires_in"] <= time.time():
    sys.exit(f"No live value in {file}: is Guard Dog running?")
print(dog["data"])
