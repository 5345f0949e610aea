import multiprocessing
import time

CONTEXT = multiprocessing.get_context("spawn")


def maker(kind):
    if kind == "int":
        return lambda i: i & 1023
    if kind == "object":
        return lambda i: {"id": i, "name": "item", "isDone": True}
    data = b"\7" * kind
    return lambda i: data


def produce(queue, kind, count):
    make = maker(kind)
    for i in range(count):
        queue.put(make(i))


def consume(queue, done, count):
    done.put("ready")
    for _ in range(count):
        queue.get()
    done.put("done")


def from_one(kind, count, simple=False):
    """Gets `count` items from one process that puts them; prints µs for each."""
    large = not isinstance(kind, str) and kind > 10_000
    bound = max(4, 2**23 // kind) if large else 0
    queue = CONTEXT.SimpleQueue() if simple else CONTEXT.Queue(bound)
    warm = -(-count // 10)
    child = CONTEXT.Process(target=produce, args=(queue, kind, warm + count))
    child.start()
    for i in range(warm + count):
        if i == warm:
            start = time.perf_counter()
        queue.get()
    print((time.perf_counter() - start) / count * 1e6)
    child.join()


def from_four(kind, count):
    """Four processes put and four get, `count` items in all; prints µs for each."""
    queue, done = CONTEXT.Queue(1000), CONTEXT.Queue()
    children = [
        CONTEXT.Process(target=consume, args=(queue, done, count // 4))
        for _ in range(4)
    ]
    for child in children:
        child.start()
    for _ in range(4):
        done.get()
    start = time.perf_counter()
    producers = [
        CONTEXT.Process(target=produce, args=(queue, kind, count // 4))
        for _ in range(4)
    ]
    for child in producers:
        child.start()
    for _ in range(4):
        done.get()
    print((time.perf_counter() - start) / count * 1e6)
    for child in children + producers:
        child.join()
