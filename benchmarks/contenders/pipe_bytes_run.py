import multiprocessing
import time


def send_bytes(writer, count, size):
    data = b"\7" * size
    for _ in range(count):
        writer.send_bytes(data)


def receive_bytes(size, count):
    """Receives `count` messages of `size` bytes from another process; prints µs for each."""
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    warm = -(-count // 10)
    child = context.Process(target=send_bytes, args=(writer, warm + count, size))
    child.start()
    for i in range(warm + count):
        if i == warm:
            start = time.perf_counter()
        reader.recv_bytes()
    print((time.perf_counter() - start) / count * 1e6)
    child.join()
