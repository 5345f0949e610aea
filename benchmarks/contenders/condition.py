import multiprocessing
import time

ROUNDS = 5_000


def answer(condition, ready):
    with condition:
        ready.release()
        for _ in range(ROUNDS):
            condition.wait()
            condition.notify()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    condition, ready = context.Condition(), context.Lock()
    ready.acquire()
    child = context.Process(target=answer, args=(condition, ready))
    child.start()
    ready.acquire()
    with condition:
        start = time.perf_counter()
        for _ in range(ROUNDS):
            condition.notify()
            condition.wait()
        print((time.perf_counter() - start) / (2 * ROUNDS) * 1e6)
    child.join()
