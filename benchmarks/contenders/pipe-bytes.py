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


def receive(reader, count):
    for _ in range(count):
        reader.recv_bytes()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    child = context.Process(target=send_bytes, args=(writer,))
    child.start()
    receive(reader, WARM)
    start = time.perf_counter()
    receive(reader, COUNT)
    print((time.perf_counter() - start) / COUNT * 1e6)
    child.join()
