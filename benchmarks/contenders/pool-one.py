import multiprocessing
import time

from parameters import parameter
from pool_task import add

COUNT = 3000


def run(pool):
    start = time.perf_counter()
    for _ in range(COUNT):
        pool.apply(add, (1, 2))
    return (time.perf_counter() - start) / COUNT * 1e6


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(parameter("agents", 2)) as pool:
        run(pool)
        print(run(pool))
