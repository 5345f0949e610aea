import multiprocessing
import time

from parameters import parameter
from pool_task import add

COUNT = 20000


def run(pool):
    start = time.perf_counter()
    for result in [pool.apply_async(add, (1, 2)) for _ in range(COUNT)]:
        result.get()
    return (time.perf_counter() - start) / COUNT * 1e6


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(parameter("agents", 2)) as pool:
        run(pool)
        print(run(pool))
