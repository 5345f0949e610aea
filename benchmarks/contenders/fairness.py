import multiprocessing
import time

from parameters import parameter

DURATION = 1.0


def take_and_hold(lock, ready, gate, stop, counts, section, position):
    ready.release()
    gate.acquire()
    taken = 0
    while not stop.value:
        lock.acquire()
        if section > 0:
            until = time.perf_counter() + section
            while time.perf_counter() < until:
                pass
        lock.release()
        taken += 1
    counts[position] = taken


def get_all(queue, ready, gate, _stop, counts, _section, position):
    ready.release()
    gate.acquire()
    taken = 0
    while queue.get() is not None:
        taken += 1
    counts[position] = taken


def put_all(queue, agents):
    end = time.perf_counter() + DURATION
    while time.perf_counter() < end:
        queue.put(1)
    for _ in range(agents):
        queue.put(None)


if __name__ == "__main__":
    of = parameter("of", "lock")
    agents = parameter("agents", 2)
    context = multiprocessing.get_context("spawn")
    make = {
        "lock": context.Lock,
        "semaphore": lambda: context.Semaphore(1),
        "queue": lambda: context.Queue(1000),
    }
    shared = make[of]()
    ready, gate = context.Semaphore(0), context.Semaphore(0)
    counts, stop = context.RawArray("i", agents), context.RawValue("b", 0)
    section = parameter("section", 0.0) / 1e6
    target = get_all if of == "queue" else take_and_hold
    children = [
        context.Process(target=target, args=(shared, ready, gate, stop, counts, section, i))
        for i in range(agents)
    ]
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    for _ in children:
        gate.release()
    if of == "queue":
        put_all(shared, agents)
    else:
        time.sleep(DURATION)
        stop.value = 1
    for child in children:
        child.join()
    total, least = sum(counts), min(counts)
    print(total / agents / max(1, least))
    print(f"{total} times in one second, {least} of them by the least served of {agents}")
