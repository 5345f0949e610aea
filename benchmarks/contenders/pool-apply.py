"""Microseconds for a call that adds two numbers, with so many in flight."""

import multiprocessing
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.pool import AsyncResult

from parameters import parameter
from pool_task import add

WORKERS = parameter("agents", 2)
IN_FLIGHT = parameter("inFlight", 500)
COUNT = max(IN_FLIGHT, min(10_000, 3000 * IN_FLIGHT))
CONTEXT = multiprocessing.get_context("spawn")


def run(submit, result_of):
    start = time.perf_counter()
    pending = deque(submit() for _ in range(IN_FLIGHT))
    for _ in range(COUNT - IN_FLIGHT):
        result_of(pending.popleft())
        pending.append(submit())
    for one in pending:
        result_of(one)
    return (time.perf_counter() - start) / COUNT * 1e6


def measure(submit, result_of):
    run(submit, result_of)
    print(run(submit, result_of))


if __name__ == "__main__":
    if parameter("pool", "") == "executor":
        with ProcessPoolExecutor(WORKERS, mp_context=CONTEXT) as executor:
            measure(lambda: executor.submit(add, 1, 2), Future.result)
    else:
        with CONTEXT.Pool(WORKERS) as pool:
            measure(lambda: pool.apply_async(add, (1, 2)), AsyncResult.get)
