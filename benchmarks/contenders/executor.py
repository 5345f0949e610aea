import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

from parameters import parameter
from pool_task import add

COUNT = 10000


def run(executor):
    start = time.perf_counter()
    for future in [executor.submit(add, 1, 2) for _ in range(COUNT)]:
        future.result()
    return (time.perf_counter() - start) / COUNT * 1e6


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(parameter("agents", 2), mp_context=context) as executor:
        run(executor)
        print(run(executor))
