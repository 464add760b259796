"""Program that encrypts or decrypts standard input to standard output: `python -m … encrypt` or `… decrypt`.

Standard input begins with one line, the passphrase as JSON.

A process of its own because `pyrage` does not release the interpreter lock: deriving the key takes seconds on
purpose, and the windows of the tray app would freeze for as long.
"""

import sys

REFUSED = 3  # exit code; standard error then has the reason


def run_age(action: str, passphrase: str, data: bytes) -> bytes:
    """Return the encrypted or decrypted data. Raises ValueError with the reason of `pyrage`."""
    from pyrage import DecryptError
    from pyrage import passphrase as age

    if action == "encrypt":
        return bytes(age.encrypt(data, passphrase))
    try:
        return bytes(age.decrypt(data, passphrase))
    except DecryptError as error:
        raise ValueError(str(error)) from None


def main() -> int:
    import json

    passphrase = json.loads(sys.stdin.buffer.readline())
    try:
        result = run_age(sys.argv[1], passphrase, sys.stdin.buffer.read())
    except ValueError as error:
        sys.stderr.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
