import sys

sys.dont_write_bytecode = True

from pipe_bytes_run import receive_bytes  # noqa: E402

if __name__ == "__main__":
    receive_bytes(8388608, 100)
