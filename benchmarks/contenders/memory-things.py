import multiprocessing
import os

from parameters import parameter

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    make = {"lock": context.Lock, "queue": context.Queue}[parameter("of", "lock")]
    count = parameter("items", 300)
    things = [make()]
    before = resident()
    things += [make() for _ in range(count)]
    print((resident() - before) / count)
