import multiprocessing
import time

from pool_task import square

COUNT = 50000


def run(pool):
    items = range(COUNT)
    start = time.perf_counter()
    pool.map(square, items, chunksize=1)
    return (time.perf_counter() - start) / COUNT * 1e9


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        run(pool)
        print(min(run(pool) for _ in range(3)))
