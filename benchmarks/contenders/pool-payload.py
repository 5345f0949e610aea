import multiprocessing
import time

from parameters import parameter
from pool_task import echo

SIZE = parameter("size", 65_536)
COUNT = max(40, min(10_000, 150_000_000 // SIZE))
IN_FLIGHT = 16


def run(pool, count):
    data = b"\7" * SIZE
    start = time.perf_counter()
    pending = [pool.apply_async(echo, (data,)) for _ in range(IN_FLIGHT)]
    for i in range(count):
        pending[i % IN_FLIGHT].get()
        pending[i % IN_FLIGHT] = pool.apply_async(echo, (data,))
    for result in pending:
        result.get()
    return (time.perf_counter() - start) / (count + IN_FLIGHT) * 1e6


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(parameter("agents", 2)) as pool:
        run(pool, COUNT // 4)
        print(run(pool, COUNT))
