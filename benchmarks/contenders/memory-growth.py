import gc
import multiprocessing
import os

from parameters import parameter

PAGE = os.sysconf("SC_PAGE_SIZE")
CONTEXT = multiprocessing.get_context("spawn")


def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


def empty():
    pass


def start_and_join(rounds):
    for _ in range(rounds):
        child = CONTEXT.Process(target=empty)
        child.start()
        child.join()


def put_and_get(rounds):
    queue = CONTEXT.Queue()
    for i in range(rounds):
        queue.put({"round": i, "name": "item"})
        queue.get()


if __name__ == "__main__":
    is_queue = parameter("of", "put-get") == "put-get"
    work, warm = (put_and_get, 20_000) if is_queue else (start_and_join, 50)
    rounds = parameter("pairs", 100_000) if is_queue else parameter("starts", 1000)
    work(warm)
    before = resident()
    work(rounds)
    after = resident()
    print(after / before)
    print(f"resident: {before // 1024} KiB before, {after // 1024} after")
