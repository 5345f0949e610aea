import time

from parameters import parameter
from queue_work import CONTEXT, bound_of, count_for, produce, wanted_kind


def produce_in_crowd(queue, ready, gate, kind, count):
    ready.release()
    gate.acquire()
    produce(queue, kind, count)


def consume(queue, ready, done, count):
    ready.release()
    for _ in range(count):
        queue.get()
    done.release()


if __name__ == "__main__":
    agents = parameter("agents", 4)
    kind = wanted_kind()
    count = -(-count_for(kind) // agents)
    queue = CONTEXT.Queue(bound_of(kind, 1000))
    ready, gate, done = (CONTEXT.Semaphore(0) for _ in range(3))
    puts = (queue, ready, gate, kind, count)
    gets = (queue, ready, done, count)
    children = [CONTEXT.Process(target=produce_in_crowd, args=puts) for _ in range(agents)]
    children += [CONTEXT.Process(target=consume, args=gets) for _ in range(agents)]
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    start = time.perf_counter()
    for _ in range(agents):
        gate.release()
    for _ in range(agents):
        done.acquire()
    print((time.perf_counter() - start) / (count * agents) * 1e6)
    for child in children:
        child.join()
