import multiprocessing
import time

ROUNDS = 300_000
value = multiprocessing.get_context("spawn").Value("q")


def run():
    start = time.perf_counter()
    for _ in range(ROUNDS):
        with value.get_lock():
            value.value += 1
    return (time.perf_counter() - start) / ROUNDS * 1e9


run()
print(run())
