import sys

sys.dont_write_bytecode = True

from queue_run import from_one  # noqa: E402

if __name__ == "__main__":
    from_one("int", 60_000, simple=True)
