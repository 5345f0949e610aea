import multiprocessing
import time

ROUNDS = 10


def empty():
    pass


def run(context):
    start = time.perf_counter()
    for _ in range(ROUNDS):
        child = context.Process(target=empty)
        child.start()
        child.join()
    return (time.perf_counter() - start) / ROUNDS * 1000


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    run(context)
    print(run(context))
