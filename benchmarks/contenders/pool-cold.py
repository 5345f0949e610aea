import time

from parameters import parameter
from pool_task import echo

if __name__ == "__main__":
    agents = parameter("agents", 2)
    start = time.perf_counter()
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(agents) as pool:
        for result in [pool.apply_async(echo, (1,)) for _ in range(agents)]:
            result.get()
        print((time.perf_counter() - start) * 1e3)
