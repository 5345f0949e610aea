import multiprocessing
import time

from parameters import parameter

ROUNDS = 5_000


def meet(barrier):
    for _ in range(ROUNDS + 1):
        barrier.wait()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    agents = parameter("agents", 2)
    barrier = context.Barrier(agents)
    children = [context.Process(target=meet, args=(barrier,)) for _ in range(agents - 1)]
    for child in children:
        child.start()
    barrier.wait()
    start = time.perf_counter()
    for _ in range(ROUNDS):
        barrier.wait()
    print((time.perf_counter() - start) / ROUNDS * 1e6)
    for child in children:
        child.join()
