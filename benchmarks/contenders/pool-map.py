import multiprocessing
import time

from parameters import parameter
from pool_task import square

CHUNKSIZE = parameter("chunksize", 0) or None
COUNT = parameter("items", 30_000 if CHUNKSIZE else 1_000_000)
CALLS = max(1, 50_000 // COUNT)


def run(pool, times):
    items = range(COUNT)
    start = time.perf_counter()
    for _ in range(times):
        pool.map(square, items, chunksize=CHUNKSIZE)
    return (time.perf_counter() - start) / COUNT / times * 1e9


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(parameter("agents", 2)) as pool:
        run(pool, CALLS)
        print(run(pool, 3 * CALLS))
