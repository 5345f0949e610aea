import multiprocessing
import sys
import time

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
KIBIBYTE = "x" * 1024
ROUNDS = 8000


def key_at(i):
    return f"key-{(i * 7919) % ENTRIES}"


def get(dictionary, _value):
    for i in range(ROUNDS):
        dictionary[key_at(i)]
    return ROUNDS


def put(dictionary, value):
    for i in range(ROUNDS):
        dictionary[key_at(i)] = value
    return ROUNDS


def increment(dictionary, _value):
    for i in range(ROUNDS // 2):
        dictionary[key_at(i)] += 1
    return ROUNDS // 2


def iterate(dictionary, _value):
    times = max(1, 100_000 // ENTRIES)
    for _ in range(times):
        for _key, _item in dictionary.items():
            pass
    return times * ENTRIES


def mix(dictionary, value):
    for i in range(ROUNDS):
        if i % 10 == 0:
            dictionary[key_at(i)] = value
        else:
            dictionary[key_at(i)]
    return ROUNDS


def client(dictionary, work, value, ready, gate):
    work(dictionary, value)
    ready.release()
    gate.acquire()
    work(dictionary, value)


def measure(work, value=1, clients=0):
    """Nanoseconds a round, by this process or by so many others at the same time."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        dictionary = manager.dict({f"key-{i}": value for i in range(ENTRIES)})
        if clients == 0:
            work(dictionary, value)
            start = time.perf_counter()
            rounds = work(dictionary, value)
            print((time.perf_counter() - start) / rounds * 1e9)
            return
        ready, gate = context.Semaphore(0), context.Semaphore(0)
        children = [
            context.Process(target=client, args=(dictionary, work, value, ready, gate))
            for _ in range(clients)
        ]
        for child in children:
            child.start()
        for _ in children:
            ready.acquire()
        start = time.perf_counter()
        for _ in children:
            gate.release()
        for child in children:
            child.join()
        print((time.perf_counter() - start) / (clients * ROUNDS) * 1e9)
