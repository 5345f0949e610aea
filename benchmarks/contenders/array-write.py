import multiprocessing.sharedctypes
import time

from parameters import parameter

LENGTH = parameter("items", 100_000)
ROUNDS = -(-1_000_000 // LENGTH)
array = multiprocessing.sharedctypes.RawArray("d", LENGTH)


def run():
    start = time.perf_counter()
    for turn in range(ROUNDS):
        for i in range(LENGTH):
            array[i] = i + turn
    return (time.perf_counter() - start) / ROUNDS / LENGTH * 1e9


run()
print(run())
