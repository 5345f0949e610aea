import multiprocessing
import time

ROUNDS = 1_000_000
semaphore = multiprocessing.get_context("spawn").Semaphore(3)


def run():
    start = time.perf_counter()
    for _ in range(ROUNDS):
        semaphore.acquire()
        semaphore.release()
    return (time.perf_counter() - start) / ROUNDS * 1e9


run()
print(run())
