import multiprocessing
import time

from parameters import parameter

SIZE = parameter("size", 1024)
COUNT = max(60, min(50_000, 300_000_000 // SIZE))
WARM = -(-COUNT // 10)


def send_bytes(writer):
    data = b"\7" * SIZE
    for _ in range(WARM + COUNT):
        writer.send_bytes(data)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    child = context.Process(target=send_bytes, args=(writer,))
    child.start()
    for i in range(WARM + COUNT):
        if i == WARM:
            start = time.perf_counter()
        reader.recv_bytes()
    print((time.perf_counter() - start) / COUNT * 1e6)
    child.join()
