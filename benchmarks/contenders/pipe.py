import multiprocessing
import time

COUNT = 200_000
WARM = 10_000


def send_numbers(writer):
    for i in range(COUNT):
        writer.send(i & 127)


def receive(reader, count):
    for _ in range(count):
        reader.recv()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    child = context.Process(target=send_numbers, args=(writer,))
    child.start()
    receive(reader, WARM)
    start = time.perf_counter()
    receive(reader, COUNT - WARM)
    print((time.perf_counter() - start) / (COUNT - WARM) * 1e9)
    child.join()
