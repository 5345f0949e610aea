import multiprocessing
import time

from parameters import parameter

ROUNDS = 10_000


def take_turns(condition, turns):
    while turns.value > 0:
        turns.value -= 1
        condition.notify()
        condition.wait()
    condition.notify_all()


def join(condition, turns, ready):
    with condition:
        ready.release()
        condition.wait()
        take_turns(condition, turns)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    condition, ready = context.Condition(), context.Semaphore(0)
    turns = context.RawValue("i", ROUNDS)
    args = (condition, turns, ready)
    children = [
        context.Process(target=join, args=args)
        for _ in range(parameter("agents", 2) - 1)
    ]
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    with condition:
        start = time.perf_counter()
        take_turns(condition, turns)
        print((time.perf_counter() - start) / ROUNDS * 1e6)
    for child in children:
        child.join()
