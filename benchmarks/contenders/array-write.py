import multiprocessing.sharedctypes
import time

ROUNDS = 10
LENGTH = 100_000
array = multiprocessing.sharedctypes.RawArray("d", LENGTH)


def run():
    start = time.perf_counter()
    for turn in range(ROUNDS):
        for i in range(LENGTH):
            array[i] = i + turn
    return (time.perf_counter() - start) / ROUNDS / LENGTH * 1e9


run()
print(run())
