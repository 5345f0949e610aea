import multiprocessing
import time

ROUNDS = 1_000_000
lock = multiprocessing.get_context("spawn").Lock()


def run():
    start = time.perf_counter()
    for _ in range(ROUNDS):
        lock.acquire()
        lock.release()
    return (time.perf_counter() - start) / ROUNDS * 1e9


run()
print(run())
