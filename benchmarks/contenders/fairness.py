import multiprocessing
import time

from parameters import parameter


def count(lock, gate, counts, position, seconds, section):
    gate.acquire()
    end = time.perf_counter() + seconds
    taken = 0
    while time.perf_counter() < end:
        lock.acquire()
        if section > 0:
            until = time.perf_counter() + section
            while time.perf_counter() < until:
                pass
        lock.release()
        taken += 1
    counts[position] = taken


if __name__ == "__main__":
    agents = parameter("agents", 2)
    context = multiprocessing.get_context("spawn")
    is_lock = parameter("of", "lock") == "lock"
    lock = context.Lock() if is_lock else context.Semaphore(1)
    gate = context.Semaphore(0)
    counts = context.Array("i", agents)
    section = parameter("section", 0.0) / 1e6
    children = [
        context.Process(target=count, args=(lock, gate, counts, position, 1.0, section))
        for position in range(agents)
    ]
    for child in children:
        child.start()
    time.sleep(0.15 * agents)
    for _ in children:
        gate.release()
    for child in children:
        child.join()
    taken = list(counts)
    print(sum(taken) / agents / min(taken))
