import multiprocessing
import time

from parameters import parameter

AGENTS = parameter("agents", 1)
ROUNDS = -(-10 // AGENTS)


def empty():
    pass


def run(context):
    start = time.perf_counter()
    for _ in range(ROUNDS):
        children = [context.Process(target=empty) for _ in range(AGENTS)]
        for child in children:
            child.start()
        for child in children:
            child.join()
    return (time.perf_counter() - start) / ROUNDS / AGENTS * 1000


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    run(context)
    print(run(context))
