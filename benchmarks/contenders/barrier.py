import multiprocessing
import time

ROUNDS = 5_000


def meet(barrier):
    for _ in range(ROUNDS + 1):
        barrier.wait()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    child = context.Process(target=meet, args=(barrier,))
    child.start()
    barrier.wait()
    start = time.perf_counter()
    for _ in range(ROUNDS):
        barrier.wait()
    print((time.perf_counter() - start) / ROUNDS * 1e6)
    child.join()
