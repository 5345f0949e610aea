import multiprocessing
import time

from parameters import parameter

ROUNDS = 10_000
WARM = 500


def answer(own, following):
    for _ in range(ROUNDS):
        own.acquire()
        following.release()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    ring = [context.Semaphore(0) for _ in range(parameter("agents", 2))]
    own, following = ring[:2]
    pairs = zip(ring[1:], ring[2:] + [own])
    children = [context.Process(target=answer, args=pair) for pair in pairs]
    for child in children:
        child.start()
    for turn in range(ROUNDS):
        if turn == WARM:
            start = time.perf_counter()
        following.release()
        own.acquire()
    print((time.perf_counter() - start) / (ROUNDS - WARM) * 1e6)
    for child in children:
        child.join()
