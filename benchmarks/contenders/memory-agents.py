import multiprocessing
import os

from parameters import parameter

PAGE = os.sysconf("SC_PAGE_SIZE")


def idle(ready, gate):
    ready.release()
    gate.acquire()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    agents = parameter("agents", 4)
    ready, gate = context.Semaphore(0), context.Semaphore(0)
    children = [context.Process(target=idle, args=(ready, gate)) for _ in range(agents)]
    total = 0
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    for child in children:
        with open(f"/proc/{child.pid}/statm") as file:
            total += int(file.read().split()[1]) * PAGE
    print(total / agents / 2**20)
    for child in children:
        gate.release()
    for child in children:
        child.join()
