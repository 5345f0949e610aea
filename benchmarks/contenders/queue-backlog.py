import multiprocessing
import time

from parameters import parameter

ROUNDS = 20_000


def run(queue):
    start = time.perf_counter()
    for i in range(ROUNDS):
        queue.put(i)
        queue.get()
    return (time.perf_counter() - start) / ROUNDS * 1e9


queue = multiprocessing.get_context("spawn").Queue()
for item in range(parameter("items", 1000)):
    queue.put(item)
run(queue)
print(run(queue))
queue.cancel_join_thread()
